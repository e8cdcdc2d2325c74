package conversationtest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

// resendCallback delivers a callback again.
func (c *controlCall) resendCallback() (any, error) {
	name := c.request.PathValue("seq")
	seq, err := strconv.Atoi(name)
	original, found := c.state.callbacks.find(seq)
	if err != nil || !found {
		return nil, c.notFound("there is no callback %q: GET /_fake/callbacks lists the callbacks", name)
	}
	var body struct {
		Signature string `json:"signature"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	signature := Signature(slices.Index(signatureNames, cmp.Or(body.Signature, SignatureValid.String())))
	if !signature.known() {
		return nil, c.invalid("signature: %q is unknown: %s", body.Signature, known(signatureNames))
	}
	if problem := original.resendProblem(signature); problem != "" {
		return nil, c.invalid("%s", problem)
	}
	c.status = http.StatusCreated
	again := c.state.callbacks.resend(original, signature)
	return newControlCallback(again.number, again), nil
}
