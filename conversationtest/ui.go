package conversationtest

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed ui
var uiFiles embed.FS

// UI returns a handler that serves a page for a browser: the phones of the contacts, the traffic of the app, faults,
// and the settings of a client. Listen on a loopback address with it:
//
//	go http.ListenAndServe("127.0.0.1:8788", srv.UI())
//
// The page needs no other host and works below any path, such as with http.StripPrefix. It is for this machine: the handler
// answers requests with 403 if their Host is a name other than localhost, or if a page of another origin makes them. It
// serves Control below /_fake/, so whoever reaches it reads and changes everything in the server.
func (s *Server) UI() http.Handler {
	files, err := fs.Sub(uiFiles, "ui")
	if err != nil {
		panic("conversationtest: UI: " + err.Error())
	}
	mux := http.NewServeMux()
	mux.Handle("/", withPagePolicy(http.FileServerFS(files)))
	mux.Handle(controlPrefix, s.Control())
	return ownOriginOnly(mux)
}

// pagePolicy allows the page its own files and nothing else, except for images, video and audio: the page loads those of a
// message when the person asks for it.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' http: https:; media-src http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

func withPagePolicy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", pagePolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			http.Error(w, "the page is read with GET", http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}
