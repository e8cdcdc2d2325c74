package conversationtest

import (
	"net/http"
	"net/url"
	"time"
)

// call is a request that has been routed.
type call struct {
	state   *serverState
	request *http.Request
	route   *route // Nil for an unknown operation.
	project *project
	path    string
	batch   bool // Whether it is one of the Batch API.
	params  map[string]string
	query   url.Values
	body    []byte
	bodyErr error // The error of reading the body.
	began   time.Time
	entry   *Request // The entry in the ledger.
	number  int      // Its number.

	accepted  bool   // Whether it was handled with success.
	messageID string // The id of the message that it has sent.

	// unroutable is what a request without an operation or a project is answered with, once its credentials are checked.
	unroutable error
}

// newCall routes a request. Its body is left to the caller.
func (s *Server) newCall(r *http.Request) *call {
	c := &call{state: s.current(), request: r, path: r.URL.EscapedPath(), batch: isBatch(r.URL.Path), began: time.Now()}
	if r.URL.Path == tokenPath {
		c.route = tokenRoute
		return c
	}
	version, projectID, rest, ok := splitPath(c.path)
	if !ok {
		c.unroutable = notFound("path", c.path)
		return c
	}
	c.route, c.params = findRoute(version, r.Method, rest)
	c.unroutable = s.place(c, projectID)
	return c
}

// place finds the project of a call, and reads the query.
func (*Server) place(c *call, escapedID string) error {
	id, err := url.PathUnescape(escapedID)
	if err != nil {
		return notFound("project", escapedID)
	}
	project, ok := c.state.projects[id]
	if !ok {
		return notFound("project", id)
	}
	query, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		return invalidArgument("the query cannot be read: %v", err)
	}
	if c.route == nil {
		return &apiError{status: http.StatusNotImplemented, message: "no operation " + c.request.Method + " " + c.path}
	}
	c.project, c.query = project, query
	c.params["project_id"] = id
	return nil
}

// isToken reports whether the call is for the token endpoint.
func (c *call) isToken() bool { return c.route == tokenRoute }
