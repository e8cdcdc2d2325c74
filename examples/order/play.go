package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/pgconversation"
)

// story is what happens on the fake.
type story struct {
	p      *setup.Program
	shop   *shop
	target string
}

// play orders as customers of the shop do, and kills a worker.
func play(ctx context.Context, p *setup.Program, s *shop, target, dsn, secret string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, time.Minute, errors.New("the story did not end within a minute"))
	defer cancel()
	p.Fake.AddWebhook(target+"/sinch", secret, conversation.TriggerMessageDelivery)
	t := &story{p: p, shop: s, target: target}
	if err := t.commitAndRollBack(ctx); err != nil {
		return err
	}
	kill, err := startWorker(ctx, p.Fake, dsn, secret)
	if err != nil {
		return err
	}
	defer kill()
	if err := t.deliver(ctx, "1001"); err != nil {
		return err
	}
	p.Printf("Order 1001: confirmed and delivered.\n")

	if err := t.crash(ctx, kill); err != nil {
		return err
	}
	killSecond, err := startWorker(ctx, p.Fake, dsn, secret)
	if err != nil {
		return err
	}
	defer killSecond()
	if err := t.goOn(ctx); err != nil {
		return err
	}
	return t.report(ctx)
}

// commitAndRollBack posts an order that is stored and one that is not.
func (t *story) commitAndRollBack(ctx context.Context) error {
	if err := t.post(ctx, "1001", "good", http.StatusCreated); err != nil {
		return err
	}
	if err := t.post(ctx, "1002", "empty", http.StatusPaymentRequired); err != nil {
		return err
	}
	t.p.Printf("Order 1001: stored together with its confirmation.\n" +
		"Order 1002: the card was declined, so the order was rolled back, and its confirmation with it.\n")
	return nil
}

// crash kills the worker when Sinch has accepted the confirmation of an order, and has not answered yet.
func (t *story) crash(ctx context.Context, kill func()) error {
	hang := t.p.Fake.Fault(conversationtest.Fault{Kind: conversationtest.FaultHangAfterAccept, Operation: "Messages.Send", Times: 1})
	if err := t.post(ctx, "1003", "good", http.StatusCreated); err != nil {
		return err
	}
	if err := until(ctx, func() (bool, error) { return hang.Hits() == 1, nil }); err != nil {
		return err
	}
	kill()
	t.p.Printf("Order 1003: the worker was killed after it had sent the confirmation, and before the answer.\n")
	return nil
}

// goOn has another worker continue. It does not send what the first had begun, until a callback tells that it was sent.
func (t *story) goOn(ctx context.Context) error {
	if err := t.post(ctx, "1004", "good", http.StatusCreated); err != nil {
		return err
	}
	if err := t.deliver(ctx, "1004"); err != nil {
		return err
	}
	err := until(ctx, func() (bool, error) {
		// PeriodicJobs inserts this job every 30 seconds. Here nobody waits for it.
		now := &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByPeriod: time.Second}}
		if _, err := t.shop.client.Insert(ctx, pgconversation.UpkeepArgs{}, now); err != nil {
			return false, err
		}
		status, err := pgconversation.Get(ctx, t.shop.pool, entryID("1003"))
		return err == nil && status.State == pgconversation.StateUnknown, err
	})
	if err != nil {
		return err
	}
	t.p.Printf("Order 1004: another worker has sent its confirmation, and it was delivered.\n" +
		"Order 1003: its confirmation is unknown. It may have been sent, so no worker sends it again.\n")
	if err := t.deliver(ctx, "1003"); err != nil {
		return err
	}
	t.p.Printf("Order 1003: a delivery report with its ID has arrived. It was sent, and is delivered.\n")
	return nil
}

// deliver waits until the confirmation of an order was sent, reports it as delivered, and waits until the shop knows that.
func (t *story) deliver(ctx context.Context, orderID string) error {
	err := until(ctx, func() (bool, error) {
		for _, sent := range t.p.Fake.Sent() {
			if sent.Request.CorrelationID == entryID(orderID) {
				return true, t.p.Fake.Deliver(sent.MessageID)
			}
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	return until(ctx, func() (delivered bool, err error) {
		err = t.shop.pool.QueryRow(ctx, `SELECT status = 'delivered' FROM orders WHERE id = $1`, orderID).Scan(&delivered)
		return delivered, err
	})
}

// post posts an order, and checks the status code of the answer.
func (t *story) post(ctx context.Context, orderID, card string, want int) error {
	body := fmt.Sprintf(`{"id": %q, "phone": "15551230000", "card": %q}`, orderID, card)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.target+"/orders", strings.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if resp.StatusCode != want {
		return fmt.Errorf("order %s: the shop answered %s", orderID, resp.Status)
	}
	return nil
}

// until waits until a condition is met.
func until(ctx context.Context, met func() (bool, error)) error {
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		if ok, err := met(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-look.C:
		}
	}
}
