package conversationtest

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
)

// Control returns a handler that steers the server over HTTP, with JSON in and out, for tests in other languages. It
// serves the paths under /_fake/, which the README lists, and can be mounted on any mux:
//
//	mux.Handle("/_fake/", srv.Control())
//
// The handler checks no credentials: whoever reaches it reads and changes everything in the server. Config.ServeControl
// serves it on the server's own address, to clients on this machine only.
func (s *Server) Control() http.Handler {
	api := &control{server: s, routes: controlRoutes()}
	mux := http.NewServeMux()
	for _, path := range api.paths() {
		mux.HandleFunc(pattern(path), func(w http.ResponseWriter, r *http.Request) { api.serve(w, r, path) })
	}
	mux.HandleFunc("/_fake", func(w http.ResponseWriter, r *http.Request) { api.serve(w, r, controlPrefix) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, notFoundControl("path %q is unknown: the paths are %s", r.URL.Path, strings.Join(api.paths(), ", ")))
	})
	return mux
}

const controlPrefix = "/_fake/"

// isControl reports whether a request is for the control API.
func isControl(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, controlPrefix) || r.URL.Path+"/" == controlPrefix
}

// controlRoutes returns every request of the control API, in the order of the README.
func controlRoutes() []controlRoute {
	return []controlRoute{
		{http.MethodGet, "/_fake/", nil, "lists the paths", (*controlCall).index},
		{http.MethodGet, "/_fake/state", []string{"app_id"}, "returns apps, contacts, conversations and messages", (*controlCall).getState},
		{http.MethodGet, "/_fake/messages", []string{"ids"}, "returns messages and their contacts", (*controlCall).messages},
		{http.MethodGet, "/_fake/setup", nil, "returns the addresses and keys of the server for clients", (*controlCall).setup},
		{http.MethodPost, "/_fake/send", nil, "sends a message as the app", (*controlCall).send},
		{http.MethodPost, "/_fake/receive", nil, "receives a message or an event from a contact", (*controlCall).receive},
		{http.MethodPost, "/_fake/queue-on-channel", nil, "reports QUEUED_ON_CHANNEL", (*controlCall).queueOnChannel},
		{http.MethodPost, "/_fake/deliver", nil, "reports DELIVERED", (*controlCall).deliver},
		{http.MethodPost, "/_fake/read", nil, "reports READ", (*controlCall).readByContact},
		{http.MethodPost, "/_fake/fail", nil, "reports FAILED with a reason", (*controlCall).fail},
		{http.MethodPost, "/_fake/switch-channel", nil, "reports SWITCHING_CHANNEL", (*controlCall).switchChannel},
		{http.MethodGet, "/_fake/faults", nil, "lists the faults", (*controlCall).faults},
		{http.MethodPost, "/_fake/faults", nil, "adds a fault", (*controlCall).addFault},
		{http.MethodDelete, "/_fake/faults", nil, "removes all faults", (*controlCall).clearFaults},
		{http.MethodDelete, "/_fake/faults/{id}", nil, "removes a fault", (*controlCall).removeFault},
		{http.MethodGet, "/_fake/scripts", nil, "lists the scripts of delivery reports", (*controlCall).scripts},
		{http.MethodPost, "/_fake/scripts", nil, "adds a script", (*controlCall).addScript},
		{http.MethodDelete, "/_fake/scripts", nil, "removes all scripts that were added", (*controlCall).clearScripts},
		{http.MethodDelete, "/_fake/scripts/{id}", nil, "removes a script", (*controlCall).removeScript},
		{http.MethodGet, "/_fake/sent", []string{"app_id"}, "returns the accepted sends", (*controlCall).sent},
		{http.MethodGet, "/_fake/batches", []string{"app_id"}, "returns the accepted batches", (*controlCall).batches},
		{http.MethodGet, "/_fake/requests", []string{"after", "last", "operation"}, "returns the requests", (*controlCall).requests},
		{http.MethodGet, "/_fake/callbacks", []string{"after", "last", "wait"}, "returns the callbacks", (*controlCall).callbacks},
		{http.MethodPost, "/_fake/callbacks/{seq}/resend", nil, "delivers a callback again", (*controlCall).resendCallback},
		{http.MethodPost, "/_fake/wait", nil, "waits until no callback or report is outstanding", (*controlCall).wait},
		{http.MethodPost, "/_fake/duplicate-callbacks", nil, "delivers the next callbacks twice", (*controlCall).duplicateCallbacks},
		{http.MethodGet, "/_fake/clock", nil, "returns the time, and how far it was moved", (*controlCall).getClock},
		{http.MethodPost, "/_fake/clock", nil, "moves the time forward", (*controlCall).advanceClock},
		{http.MethodGet, "/_fake/events", []string{"after"}, "streams what happens, as server-sent events", (*controlCall).events},
		{http.MethodPost, "/_fake/reset", nil, "puts the server back into its state at the start", (*controlCall).reset},
	}
}

// controlRoute is a request of the control API.
type controlRoute struct {
	method  string
	path    string   // A pattern of http.ServeMux.
	query   []string // The query parameters.
	summary string

	// run returns what is encoded as the answer. An http.Handler is run instead and writes the answer itself. The status is
	// that of the call, or that of an *apiError.
	run func(*controlCall) (any, error)
}

// pattern returns the pattern that matches only the path.
func pattern(path string) string {
	if strings.HasSuffix(path, "/") {
		return path + "{$}"
	}
	return path
}

type control struct {
	server *Server
	routes []controlRoute
}

// paths returns the paths, each once.
func (a *control) paths() []string {
	var paths []string
	for _, route := range a.routes {
		if !slices.Contains(paths, route.path) {
			paths = append(paths, route.path)
		}
	}
	return paths
}

// serve answers a request to one of the paths.
func (a *control) serve(w http.ResponseWriter, r *http.Request, path string) {
	var allowed []string
	for _, route := range a.routes {
		if route.path != path {
			continue
		}
		if route.method == r.Method {
			a.run(w, r, route)
			return
		}
		allowed = append(allowed, route.method)
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	fail(w, &apiError{
		status:  http.StatusMethodNotAllowed,
		message: r.Method + " is not allowed for " + path + ": use " + strings.Join(allowed, " or "),
	})
}

func (a *control) run(w http.ResponseWriter, r *http.Request, route controlRoute) {
	c := &controlCall{
		server: a.server, state: a.server.current(), api: a, route: route, request: r, query: r.URL.Query(), status: http.StatusOK,
	}
	c.body = http.MaxBytesReader(w, r.Body, maxRequestBytes)
	result, err := c.checkedResult()
	if err != nil {
		fail(w, err)
		return
	}
	if handler, ok := result.(http.Handler); ok {
		handler.ServeHTTP(w, r)
		return
	}
	succeed(w, c.status, result)
}

// index lists the paths.
func (c *controlCall) index() (any, error) {
	type path struct {
		Method  string   `json:"method"`
		Path    string   `json:"path"`
		Query   []string `json:"query,omitempty"`
		Summary string   `json:"summary"`
	}
	paths := []path{}
	for _, route := range c.api.routes {
		paths = append(paths, path{route.method, route.path, route.query, route.summary})
	}
	return map[string]any{"paths": paths}, nil
}

// succeed writes an answer.
func succeed(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(answer) //nolint:errchkjson // It fails if the client has left.
}

// fail writes an error. It is 500 unless it is an *apiError.
func fail(w http.ResponseWriter, err error) {
	failure, ok := errors.AsType[*apiError](err)
	if !ok {
		failure = &apiError{status: http.StatusInternalServerError, message: err.Error()}
	}
	succeed(w, failure.status, map[string]string{"error": failure.message})
}
