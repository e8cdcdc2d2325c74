package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/jackc/pgx/v5"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

// order is the body of a request to POST /orders.
type order struct {
	ID    string `json:"id"`
	Phone string `json:"phone"`
	Card  string `json:"card"`
}

// entryID returns the ID of the confirmation of an order. It follows from the order, so that an order that is posted twice is confirmed once.
func entryID(orderID string) string { return "order-" + orderID }

// errDeclined is the error of a card without money.
var errDeclined = errors.New("the card was declined")

// order accepts an order.
func (s *shop) order(w http.ResponseWriter, r *http.Request) {
	var o order
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&o); err != nil {
		http.Error(w, "the body is not an order", http.StatusBadRequest)
		return
	}
	ctx := r.Context()
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return s.store(ctx, tx, &o) })
	_, invalid := errors.AsType[*conversation.ArgumentError](err)
	switch {
	case err == nil:
		w.WriteHeader(http.StatusCreated)
	case errors.Is(err, errDeclined):
		http.Error(w, err.Error(), http.StatusPaymentRequired)
	case errors.Is(err, pgconversation.ErrIDTaken):
		http.Error(w, "the number of the order is that of another order", http.StatusConflict)
	case invalid:
		http.Error(w, err.Error(), http.StatusBadRequest)
	default:
		http.Error(w, "the order was not stored", http.StatusInternalServerError)
	}
}

// store stores an order, and the message that confirms it. Both are in the transaction: if it is rolled back, nothing is sent.
func (s *shop) store(ctx context.Context, tx pgx.Tx, o *order) error {
	_, err := tx.Exec(ctx, `INSERT INTO orders (id) VALUES ($1) ON CONFLICT (id) DO NOTHING`, o.ID)
	if err != nil {
		return err
	}
	err = pgconversation.InsertTx(ctx, s.client, tx, &conversation.SendMessageRequest{
		AppID:     s.appID,
		Recipient: conversation.ToChannel(conversation.ChannelSMS, o.Phone),
		Message:   conversation.Text(fmt.Sprintf("Thank you: we have your order %s.", o.ID)),
	}, pgconversation.Entry{ID: entryID(o.ID), Queue: queueMessages})
	if err != nil {
		return err
	}
	return charge(o.Card)
}

// charge stands for the last thing that can go wrong.
func charge(card string) error {
	if card == "empty" {
		return errDeclined
	}
	return nil
}

// delivered marks the order whose confirmation was delivered. What it writes is committed together with the callback, exactly once.
func delivered(ctx context.Context, e *webhook.MessageDelivery) error {
	report := outbox.ReportOf(e)
	if report.Delivery != conversation.DeliveryStatusDelivered {
		return nil
	}
	tx, ok := pgconversation.Tx(ctx)
	if !ok {
		return errors.New("the callback did not come through the inbox")
	}
	_, err := tx.Exec(ctx, `UPDATE orders SET status = 'delivered' WHERE 'order-' || id = $1`, report.ID)
	return err
}
