package conversationtest

import (
	"fmt"
	"net/http"
)

// apiError is a failure that is answered with the platform's error body.
type apiError struct {
	status   int
	message  string
	header   http.Header
	problems []string // What breaks the contract, if the error is about that.
}

func (e *apiError) Error() string { return e.message }

func invalidArgument(format string, args ...any) error {
	return &apiError{status: http.StatusBadRequest, message: fmt.Sprintf(format, args...)}
}

func notFound(what, id string) error {
	return &apiError{status: http.StatusNotFound, message: fmt.Sprintf("%s %q not found", what, id)}
}

// unauthenticated is the error for bad credentials. The challenge becomes the WWW-Authenticate header.
func unauthenticated(challenge, message string) error {
	return &apiError{
		status:  http.StatusUnauthorized,
		message: message,
		header:  http.Header{"Www-Authenticate": {challenge}},
	}
}

// forbidden is the error for the credentials of another project.
func (c *call) forbidden() error {
	if c.batch {
		return &apiError{status: http.StatusForbidden, message: noBatches}
	}
	return &apiError{
		status:  http.StatusForbidden,
		message: fmt.Sprintf("the credentials are not those of project %q", c.project.id),
	}
}

// noBatches is the message for a project that must not use the Batch API.
const noBatches = "The specified project may not be allowed to use the batch endpoint"

// errorBody is the JSON of every failure except those of the token endpoint and the Batch API.
type errorBody struct {
	Error errorDetail `json:"error"`
}

type errorDetail struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Status  string `json:"status"`
	Details []any  `json:"details"`
}

func newErrorBody(status int, message string) errorBody {
	return errorBody{errorDetail{
		Code:    status,
		Message: message,
		Status:  statusName(status),
		Details: []any{},
	}}
}

func statusName(status int) string {
	switch status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		return "INVALID_ARGUMENT"
	case http.StatusUnauthorized:
		return "UNAUTHENTICATED"
	case http.StatusForbidden:
		return "PERMISSION_DENIED"
	case http.StatusNotFound:
		return "NOT_FOUND"
	case http.StatusConflict:
		return "ABORTED"
	case http.StatusTooManyRequests:
		return "RESOURCE_EXHAUSTED"
	case http.StatusNotImplemented:
		return "UNIMPLEMENTED"
	case http.StatusServiceUnavailable:
		return "UNAVAILABLE"
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return "DEADLINE_EXCEEDED"
	default:
		return "INTERNAL"
	}
}
