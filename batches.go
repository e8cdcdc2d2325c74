package conversation

// BatchesService sends one message to up to 1,000 people in a call, now or later. It is on a separate host; see
// [WithBatchBaseURL].
type BatchesService service
