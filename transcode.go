package conversation

import (
	"context"
	"net/http"
)

// TranscodingService shows how a message looks on each channel, without sending it.
type TranscodingService service

var opTranscode = operation{"Transcoding.Transcode", http.MethodPost, "/v1/projects/{project_id}/messages:transcode", classReadOnly}

// Transcode converts a message to the formats of channels. Nothing is sent.
//
//	POST /v1/projects/{project_id}/messages:transcode
//
// Transcode changes nothing and is retried like a read. Returns [*ArgumentError] if the request names no app or no
// channels, or does not have exactly one message kind.
func (s *TranscodingService) Transcode(ctx context.Context, req *TranscodeRequest, opts ...RequestOption) (*TranscodeResponse, error) {
	if err := checkTranscode(s.client.checker(opTranscode), req); err != nil {
		return nil, s.client.rejected(ctx, opTranscode, err, opts)
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
