package conversation_test

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// retriedCall is one operation of each class, on the wire.
type retriedCall struct {
	name string
	ok   string // the body of a success
	do   func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error
}

var (
	sendCall = retriedCall{"a send", `{"message_id":"m"}`, func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error {
		_, err := c.Messages.Send(ctx, textMessage(), opts...)
		return err
	}}
	getCall = retriedCall{"a read", `{"id":"m"}`, func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error {
		_, err := c.Messages.Get(ctx, "m", opts...)
		return err
	}}
	deleteCall = retriedCall{"a delete", `{}`, func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error {
		return c.Messages.Delete(ctx, "m", opts...)
	}}
	patchCall = retriedCall{"an update", `{}`, func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error {
		return c.Do(ctx, http.MethodPatch, "/v1/projects/{project_id}/things/1", map[string]string{"a": "b"}, nil, opts...)
	}}
)

// TestEachClassIsRepeatedAfterItsFaultsOnly holds the matrix of design section 9: one fault, then success.
func TestEachClassIsRepeatedAfterItsFaultsOnly(t *testing.T) {
	t.Parallel()
	const (
		once, twice = 1, 2
	)
	faults := []struct {
		name               string
		fault              step
		idempotent, unsafe int // requests seen
		outcome            conversation.Outcome
	}{
		{"400", step{status: 400}, once, once, conversation.OutcomeRejected},
		{"403", step{status: 403}, once, once, conversation.OutcomeRejected},
		{"404", step{status: 404}, once, once, conversation.OutcomeRejected},
		{"409", step{status: 409}, once, once, conversation.OutcomeRejected},
		{"401 to a fixed credential", step{status: 401}, once, once, conversation.OutcomeNotSent},
		{"302", step{status: 302}, once, once, conversation.OutcomeRejected},
		{"307", step{status: 307}, once, once, conversation.OutcomeRejected},
		{"501", step{status: 501}, once, once, conversation.OutcomeRejected},
		{"505", step{status: 505}, once, once, conversation.OutcomeUnknown},
		{"408", step{status: 408}, twice, once, conversation.OutcomeUnknown},
		{"429", step{status: 429}, twice, twice, conversation.OutcomeNotSent},
		{"500", step{status: 500}, twice, once, conversation.OutcomeUnknown},
		{"502", step{status: 502}, twice, once, conversation.OutcomeUnknown},
		{"503", step{status: 503}, twice, once, conversation.OutcomeUnknown},
		{"504", step{status: 504}, twice, once, conversation.OutcomeUnknown},
		{"a dial that failed", step{err: errDial, neverHad: true}, twice, twice, conversation.OutcomeNotSent},
		{"a connection that broke", step{err: errReset}, twice, once, conversation.OutcomeUnknown},
		{"a transport that reports nothing", step{err: errDial, untraced: true}, twice, once, conversation.OutcomeUnknown},
		{"a reply that never comes", step{status: 200, takes: time.Hour}, twice, once, conversation.OutcomeUnknown},
		{"a 200 cut short", step{status: 200, body: `{"id":`, bodyErr: io.ErrUnexpectedEOF}, twice, once, conversation.OutcomeAccepted},
		{"a 200 of HTML", step{status: 200, body: `<html>`}, once, once, conversation.OutcomeAccepted},
	}
	for _, class := range []struct {
		call   retriedCall
		unsafe bool
	}{{sendCall, true}, {getCall, false}, {deleteCall, false}, {patchCall, false}} {
		for _, tt := range faults {
			t.Run(class.call.name+" after "+tt.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					want := tt.idempotent
					if class.unsafe {
						want = tt.unsafe
					}
					client, wire := scripted(t, []step{tt.fault, {status: 200, body: class.call.ok}})
					err := class.call.do(t.Context(), client)
					assert.Len(t, wire.requests(), want)
					if want == twice {
						require.NoError(t, err)
						return
					}
					require.Error(t, err)
					assert.Equal(t, tt.outcome, conversation.OutcomeOf(err), "outcome of %v", err)
					assert.Equal(t, tt.outcome == conversation.OutcomeUnknown, errors.Is(err, conversation.ErrMaybeSent))
				})
			})
		}
	}
}

func TestABodyThatEndsInTheMiddleIsAReplyCutShort(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 200, body: `{"id":"m`}, {status: 200, body: getCall.ok}})
		require.NoError(t, getCall.do(t.Context(), client))
		assert.Len(t, wire.requests(), 2)

		client, wire = scripted(t, []step{{status: 200, body: `{"message_id":`}})
		err := sendCall.do(t.Context(), client)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, conversation.OutcomeAccepted, conversation.OutcomeOf(err))
		assert.Len(t, wire.requests(), 1)
	})
}

func TestAcceptDuplicatesRepeatsASend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{err: errReset}, {status: 503}, {status: 200, body: sendCall.ok}})
		policy := conversation.RetryPolicy{AcceptDuplicates: true}
		require.NoError(t, sendCall.do(t.Context(), client, conversation.WithRequestRetry(policy)))
		assert.Len(t, wire.requests(), 3)
	})
}

func TestARepeatedRequestCarriesTheSameBytes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 429}, {status: 200, body: sendCall.ok}})
		require.NoError(t, sendCall.do(t.Context(), client))
		seen := wire.requests()
		require.Len(t, seen, 2)
		assert.NotEmpty(t, seen[0].body)
		assert.Equal(t, seen[0].body, seen[1].body)
		assert.Equal(t, seen[0].header, seen[1].header)
	})
}

func TestNoRetrySendsOnce(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 503}}, conversation.WithRetry(conversation.NoRetry))
	require.ErrorIs(t, getCall.do(t.Context(), client), conversation.ErrUnavailable)
	assert.Len(t, wire.requests(), 1)
}

func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ attempts, want int }{{0, 3}, {1, 1}, {2, 2}, {5, 5}} {
		t.Run(strconv.Itoa(tt.attempts), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, wire := scripted(t, []step{{status: 503}}, conversation.WithRetry(conversation.RetryPolicy{MaxAttempts: tt.attempts}))
				err := getCall.do(t.Context(), client)
				answer, ok := errors.AsType[*conversation.Error](err)
				require.True(t, ok)
				assert.Equal(t, tt.want, answer.Attempts)
				assert.Len(t, wire.requests(), tt.want)
			})
		})
	}
}

func TestRetryAfterIsWaitedForExactly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, value, date string
		want              time.Duration
	}{
		{"seconds", "7", "", 7 * time.Second},
		{"a date against this clock", "Sat, 01 Jan 2000 00:00:09 GMT", "", 9 * time.Second},
		{"a date against the reply's own clock", "Mon, 02 Jan 2023 10:00:05 GMT", "Mon, 02 Jan 2023 10:00:00 GMT", 5 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // the clock starts at 2000-01-01 00:00:00 UTC
				client, _ := scripted(t, []step{
					{status: 429, header: map[string]string{"Retry-After": tt.value, "Date": tt.date}},
					{status: 200, body: sendCall.ok},
				})
				started := time.Now()
				require.NoError(t, sendCall.do(t.Context(), client))
				assert.Equal(t, tt.want, time.Since(started))
			})
		})
	}
}

func TestARetryAfterThatMakesNoSenseIsIgnored(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"-5", "soon", "1e3", "1e18", "0", "00", "0.5", "NaN", "+5", "Sat, 01 Jan 1999 00:00:00 GMT"} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := scripted(t, []step{
					{status: 503, header: map[string]string{"Retry-After": value}}, {status: 200, body: getCall.ok},
				})
				started := time.Now()
				require.NoError(t, getCall.do(t.Context(), client))
				assert.LessOrEqual(t, time.Since(started), 250*time.Millisecond)
			})
		})
	}
}

func TestARetryAfterBeyondTheLimitComesBackAtOnce(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"31", "9999999999999", "1000000000000000000", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, wire := scripted(t, []step{{status: 429, header: map[string]string{"Retry-After": value}}})
				started := time.Now()
				err := sendCall.do(t.Context(), client)
				assert.Zero(t, time.Since(started))
				assert.Len(t, wire.requests(), 1)
				answer, ok := errors.AsType[*conversation.Error](err)
				require.True(t, ok)
				assert.Greater(t, answer.RetryAfter, 30*time.Second)
				assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
			})
		})
	}
}

func TestACallNeverSleepsPastItsDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 429, header: map[string]string{"Retry-After": "5"}}})
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		started := time.Now()
		err := sendCall.do(ctx, client)
		require.ErrorIs(t, err, conversation.ErrRateLimited)
		assert.Zero(t, time.Since(started))
		assert.Len(t, wire.requests(), 1)
	})
}

func TestACancelledWaitReturnsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 429, header: map[string]string{"Retry-After": "20"}}})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		started := time.Now()
		err := sendCall.do(ctx, client)
		assert.Equal(t, time.Second, time.Since(started))
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, conversation.ErrRateLimited)
		assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
		assert.Len(t, wire.requests(), 1)
	})
}

func TestAContextThatEndedBeforeTheCallSendsNothing(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 200}})
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("shutting down")
	cancel(cause)
	err := sendCall.do(ctx, client)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, cause)
	assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
	assert.Empty(t, wire.requests())
}

func TestAnOutcomeStaysUnknownAfterAnAttemptThatMayHaveWorked(t *testing.T) {
	t.Parallel()
	twice := conversation.WithRequestRetry(conversation.RetryPolicy{MaxAttempts: 2, AcceptDuplicates: true})
	for _, tt := range []struct {
		name string
		call retriedCall
		then step
	}{
		{"a send, then refused", sendCall, step{status: 400}},
		{"a send, then rate limited", sendCall, step{status: 429}},
		{"a send, then no connection", sendCall, step{err: errDial, neverHad: true}},
		{"an update, then not found", patchCall, step{status: 404}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := scripted(t, []step{{err: errReset}, tt.then})
				err := tt.call.do(t.Context(), client, twice)
				require.ErrorIs(t, err, conversation.ErrMaybeSent)
				assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(err))
			})
		})
	}
}

func TestARepeatedReadIsJudgedByItsLastAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := scripted(t, []step{{status: 503}, {status: 404}})
		assert.Equal(t, conversation.OutcomeRejected, conversation.OutcomeOf(getCall.do(t.Context(), client)))
	})
}

func TestAnAcceptedRepeatIsAcceptedEvenIfItsReplyCannotBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := scripted(t, []step{{err: errReset}, {status: 200, body: "<html>"}})
		err := sendCall.do(t.Context(), client, conversation.WithRequestRetry(conversation.RetryPolicy{AcceptDuplicates: true}))
		require.Error(t, err)
		assert.Equal(t, conversation.OutcomeAccepted, conversation.OutcomeOf(err))
	})
}

func TestADeleteThatIsRepeatedAndFindsNothingHasDoneItsWork(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		first step
		done  bool
	}{
		{"after a broken connection", step{err: errReset}, true},
		{"after a 503", step{status: 503}, true},
		{"after a 200 cut short", step{status: 200, bodyErr: io.ErrUnexpectedEOF}, true},
		{"after a 429", step{status: 429}, false},
		{"after a failed dial", step{err: errDial, neverHad: true}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := scripted(t, []step{tt.first, {status: 404}})
				err := deleteCall.do(t.Context(), client)
				if tt.done {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, conversation.ErrNotFound)
				}
			})
		})
	}
}

func TestTheBudgetBoundsTheRepeatsOfAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const calls = 1000
		client, wire := scripted(t, []step{{status: 503}}, conversation.WithRetry(conversation.RetryPolicy{Budget: 20}))
		for range calls {
			require.Error(t, getCall.do(t.Context(), client))
		}
		assert.Len(t, wire.requests(), calls+20)
	})
}

func TestASuccessGivesBackATenthOfARepeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		steps := []step{{status: 503}, {status: 200, body: getCall.ok}} // takes the one repeat that there is, gives 0.1
		for range 9 {
			steps = append(steps, step{status: 503}) // too little to repeat
			steps = append(steps, step{status: 200, body: getCall.ok})
		}
		steps = append(steps, step{status: 503}, step{status: 200, body: getCall.ok})
		client, _ := scripted(t, steps, conversation.WithRetry(conversation.RetryPolicy{Budget: 1}))
		require.NoError(t, getCall.do(t.Context(), client))
		for range 9 {
			require.Error(t, getCall.do(t.Context(), client))
			require.NoError(t, getCall.do(t.Context(), client))
		}
		assert.NoError(t, getCall.do(t.Context(), client), "ten successes pay for one repeat")
	})
}

// TestWaitsAreSpreadEvenly holds the waits after the first, second and third attempt against an even spread up to their
// bound (full jitter), by the Kolmogorov-Smirnov distance. Waits that are even fail it less than once in a million runs.
func TestWaitsAreSpreadEvenly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const calls, attempts = 5000, 4
		client, wire := scripted(t, []step{{status: 503}},
			conversation.WithRetry(conversation.RetryPolicy{MaxAttempts: attempts, MaxDelay: 800 * time.Millisecond, Budget: calls * attempts}))
		for range calls {
			require.Error(t, getCall.do(t.Context(), client))
		}
		seen := wire.requests()
		require.Len(t, seen, calls*attempts)
		for i, bound := range []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, 800 * time.Millisecond} {
			var waits []time.Duration
			for call := range calls {
				first := call*attempts + i
				waits = append(waits, seen[first+1].at.Sub(seen[first].at))
			}
			assert.Less(t, distanceFromEven(waits, bound), 2.80/math.Sqrt(calls), "the waits after attempt %d", i+1) // 2 exp(-2 * 2.80²) = 3e-7
		}
	})
}

// distanceFromEven is the greatest distance between the distribution of the waits and an even one from zero to the bound.
func distanceFromEven(waits []time.Duration, bound time.Duration) float64 {
	slices.Sort(waits)
	distance, count := 0.0, float64(len(waits))
	for i, wait := range waits {
		even := float64(wait) / float64(bound)
		distance = max(distance, even-float64(i)/count, float64(i+1)/count-even)
	}
	return distance
}

func TestASendThatIsKnownToBeAcceptedIsNeverRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 200, body: `{"message_id":`, bodyErr: io.ErrUnexpectedEOF}, {status: 400}})
		err := sendCall.do(t.Context(), client, conversation.WithRequestRetry(conversation.RetryPolicy{AcceptDuplicates: true}))
		assert.Equal(t, conversation.OutcomeAccepted, conversation.OutcomeOf(err))
		assert.Len(t, wire.requests(), 1)
	})
}

func TestTheGreatestPolicyWorks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 503}, {status: 200, body: getCall.ok}}, conversation.WithRetry(conversation.RetryPolicy{
			MaxAttempts: math.MaxInt, BaseDelay: math.MaxInt64, MaxDelay: math.MaxInt64, MaxRetryAfter: math.MaxInt64, Budget: math.MaxInt,
		}))
		require.NoError(t, getCall.do(t.Context(), client))
		assert.Len(t, wire.requests(), 2)
	})
}

func TestAReplyOfNullIsNoReply(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, []step{{status: 200, body: " null "}})
	require.ErrorContains(t, sendCall.do(t.Context(), client), "no body")
	require.NoError(t, deleteCall.do(t.Context(), client))
}

func TestTheLongestWaitThatIsAllowedIsWaited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		client, _ := scripted(t, []step{{status: 429, header: map[string]string{"Retry-After": "30"}}, {status: 200, body: getCall.ok}})
		require.NoError(t, getCall.do(t.Context(), client))
		assert.Equal(t, 30*time.Second, time.Since(start))
	})
}

func TestAWaitThatEndsWithTheContextIsNotBegun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		client, _ := scripted(t, []step{{status: 429, header: map[string]string{"Retry-After": "20"}}})
		require.ErrorIs(t, getCall.do(ctx, client), conversation.ErrRateLimited)
		assert.Zero(t, time.Since(start))
	})
}
