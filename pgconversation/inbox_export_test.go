package pgconversation

// What upkeep does for callbacks, for tests.
var (
	BuryCallbacks   = buryCallbacks
	ForgetCallbacks = forgetCallbacks
)
