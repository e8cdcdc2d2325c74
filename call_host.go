package conversation

import (
	"bytes"
	"net/http"
	"net/url"

	"github.com/sinchgo/conversation/internal/transport"
)

// creditLimit is what a 403 says if an account has run out of credit.
const creditLimit = "BILLING_CREDIT_LIMIT_BREACHED"

// hostAdvice returns which host answered with 403 or 404, and what to check, or "". Asking the wrong region is the most
// frequent reason for either.
func hostAdvice(got *transport.Reply, address string) string {
	if got.Status != http.StatusForbidden && got.Status != http.StatusNotFound {
		return ""
	}
	asked, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if got.Status == http.StatusForbidden && bytes.Contains(got.Body, []byte(creditLimit)) {
		return "asked " + asked.Host + ": the account has reached its credit limit, so add credit"
	}
	return "asked " + asked.Host + ": an app lives in one region, so check the region"
}
