package conversation

import (
	"context"
	"net/http"
)

// TranscodingService shows what a message becomes on each channel, without sending it.
type TranscodingService service

var opTranscode = operation{"Transcoding.Transcode", http.MethodPost, "/v1/projects/{project_id}/messages:transcode", classReadOnly}

// Transcode writes a message in the formats of channels: POST /v1/projects/{project_id}/messages:transcode. Nothing is
// sent.
//
// Transcode changes nothing, so it is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504.
// Errors: [*ArgumentError] for a request that names no app, no channels or not exactly one message kind; [*AuthError];
// [*TransportError]; [*Error].
func (s *TranscodingService) Transcode(ctx context.Context, req *TranscodeRequest, opts ...RequestOption) (*TranscodeResponse, error) {
	if err := checkTranscode(s.client.checker(opTranscode), req); err != nil {
		return nil, err
	}
	body := s.client.transcodeBody(req)
	call := &call{operation: opTranscode, in: body}
	return send[TranscodeResponse](ctx, s.client, call, opts)
}

func checkTranscode(check checker, req *TranscodeRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	if len(req.Channels) == 0 {
		check.reject("channels", "is empty: name the channels to show the message for")
	}
	check.required("app_id", req.AppID)
	check.appMessage("app_message", &req.AppMessage)
	return check.problem
}
