package conversationtest

import (
	"net"
	"net/http"
)

// peer is the client of a request, and the connection to it.
type peer interface {
	http.ResponseWriter

	// cut closes the connection, gracefully or with a reset.
	cut(graceful bool)

	// stall sends what was written, and blocks until the client disconnects or the server stops.
	stall()
}

// socketPeer is a client on a socket.
type socketPeer struct {
	http.ResponseWriter
	server  *Server
	request *http.Request
	begun   bool // Whether the answer has begun.
}

// WriteHeader implements [http.ResponseWriter].
func (p *socketPeer) WriteHeader(status int) {
	p.begun = true
	p.ResponseWriter.WriteHeader(status)
}

func (p *socketPeer) cut(graceful bool) {
	control := http.NewResponseController(p.ResponseWriter)
	if p.begun {
		_ = control.Flush() // It fails if the client has disconnected.
	}
	conn, _, err := control.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // It closes the connection.
	}
	if tcp, ok := conn.(*net.TCPConn); ok && !graceful {
		_ = tcp.SetLinger(0) // Close sends a reset then.
	}
	_ = conn.Close()
}

func (p *socketPeer) stall() {
	_ = http.NewResponseController(p.ResponseWriter).Flush() // It fails if the client has disconnected.
	p.server.tasks.Hang(p.request.Context())
	p.cut(true)
}
