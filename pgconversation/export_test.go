package pgconversation

// The statements of the worker, for a test of their plans.
const (
	SQLBegin    = sqlBegin
	SQLAccepted = sqlAccepted
	SQLFinish   = sqlFinish
)

// What upkeep does for callbacks.
var (
	BuryCallbacks   = buryCallbacks
	ForgetCallbacks = forgetCallbacks
)
