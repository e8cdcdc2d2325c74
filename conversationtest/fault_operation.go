package conversationtest

import "slices"

// isOperation reports whether a Fault can name the operation.
func isOperation(name string) bool {
	return name == "" || name == tokenRoute.operation ||
		slices.ContainsFunc(routes, func(r route) bool { return r.isNamed(name) })
}

// concerns reports whether the fault can happen to a request with the route, which is nil for an unknown operation.
func (f Fault) concerns(r *route) bool {
	switch {
	case f.Kind == FaultTokenEndpointDown:
		return r == tokenRoute
	case f.Operation == "":
		return r != tokenRoute
	default:
		return r != nil && r.isNamed(f.Operation)
	}
}
