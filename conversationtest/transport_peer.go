package conversationtest

import (
	"net"
	"net/http"
)

// peer is the client of a request, and the connection to it.
type peer interface {
	http.ResponseWriter

	// cut ends the connection as it is: with a reset, or gracefully, as a server does that has no more to say.
	cut(graceful bool)

	// stall sends what was written, and nothing more until the client leaves or the server stops.
	stall()
}

// socketPeer is a client on a socket.
type socketPeer struct {
	http.ResponseWriter
	server  *Server
	request *http.Request
	begun   bool // The answer was.
}

// WriteHeader implements [http.ResponseWriter].
func (p *socketPeer) WriteHeader(status int) {
	p.begun = true
	p.ResponseWriter.WriteHeader(status)
}

func (p *socketPeer) cut(graceful bool) {
	control := http.NewResponseController(p.ResponseWriter)
	if p.begun {
		_ = control.Flush() // What was written so far is the client's; a client that left has no use for it.
	}
	conn, _, err := control.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // It closes the connection too.
	}
	if tcp, ok := conn.(*net.TCPConn); ok && !graceful {
		_ = tcp.SetLinger(0) // Close sends a reset then.
	}
	_ = conn.Close()
}

func (p *socketPeer) stall() {
	_ = http.NewResponseController(p.ResponseWriter).Flush() // The client may have left.
	p.server.tasks.Hang(p.request.Context())
	p.cut(true)
}
