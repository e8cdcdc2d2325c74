package command

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/sinchgo/conversation"
)

// errInterrupted reports that the user interrupted the command.
var errInterrupted = errors.New("interrupted")

const (
	upsertTries     = 4 // of a line, beside the retries of the client
	upsertFirstWait = 500 * time.Millisecond
)

// upsertContact creates or updates a contact. It returns the problem of a contact that the API rejects, and an error if
// no further contact is worth trying. A call that has begun is not interrupted.
func upsertContact(ctx context.Context, contacts *conversation.ContactsService, externalID string, contact *conversation.Contact) (action conversation.UpsertAction, problem string, stopped error) {
	request := &conversation.CreateContactRequest{
		ChannelIdentities: contact.ChannelIdentities,
		ChannelPriority:   contact.ChannelPriority,
		DisplayName:       contact.DisplayName,
		Email:             contact.Email,
		Language:          contact.Language,
		Metadata:          contact.Metadata,
	}
	wait := upsertFirstWait
	for try := 1; ; try++ {
		result, err := contacts.Upsert(context.WithoutCancel(ctx), externalID, request)
		switch {
		case err == nil:
			return result.Action, "", nil
		case isWrongSetting(err):
			return "", "", err
		case !isTemporary(err):
			return "", problemOf(err), nil
		case try == upsertTries && isOutage(err):
			return "", "", err
		case try == upsertTries:
			return "", problemOf(err), nil
		}
		select {
		case <-time.After(wait):
			wait *= 2
		case <-ctx.Done():
			return "", "", errInterrupted
		}
	}
}

func problemOf(err error) string { return strings.TrimPrefix(err.Error(), "conversation: ") }

// isWrongSetting reports whether every other contact would be rejected too: because of the key, its rights, or the project
// or region that are not found. An update that finds no contact is not such an error: the contact was just deleted.
func isWrongSetting(err error) bool {
	if auth, ok := errors.AsType[*conversation.AuthError](err); ok {
		return !isTemporaryStatus(auth.StatusCode)
	}
	if rejected, ok := errors.AsType[*conversation.Error](err); ok && errors.Is(err, conversation.ErrNotFound) {
		return rejected.Operation != "Contacts.Update"
	}
	return errors.Is(err, conversation.ErrUnauthorized) || errors.Is(err, conversation.ErrForbidden)
}

// isTemporary reports whether the same call may succeed later.
func isTemporary(err error) bool {
	return isOutage(err) || conversation.OutcomeOf(err) == conversation.OutcomeUnknown
}

// isOutage reports whether the API is not available to any call.
func isOutage(err error) bool {
	_, noToken := errors.AsType[*conversation.AuthError](err)
	_, noResponse := errors.AsType[*conversation.TransportError](err)
	return noToken || noResponse ||
		errors.Is(err, conversation.ErrRateLimited) || errors.Is(err, conversation.ErrUnavailable)
}

func isTemporaryStatus(status int) bool {
	return status == 0 || status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}
