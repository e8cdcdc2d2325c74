package command

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

const aboutBatches = `A batch is one message to up to 1,000 people, now or up to seven days later. create sends a batch. The API lists batches
by a value of their metadata only, and cannot change one, so there is no update. delete cancels a batch that is not yet
sent.

Batches have a separate host: with --base-url, --batch-base-url is required too.`

const sampleBatch = `{"message":{"text_message":{"text":"Hi ${name}"}},"recipient_and_params":[{"parameters":{"name":"Ada"},` +
	`"recipient":{"identified_by":{"channel_identities":[{"channel":"SMS","identity":"+12025550123"}]}}}]}`

func newBatches(p *program) *cobra.Command {
	batch := object{one: "batch", many: "batches", create: "Send"}
	remove := newChange(p, batch, change{
		verb: "delete", title: "Cancel", does: "cancels", done: "cancelled",
		note: "The API accepts it for a batch that was sent, too: get prints the status.",
		call: func(ctx context.Context, client *conversation.Client, id string) error {
			return client.Batches.Cancel(ctx, id)
		},
	})
	remove.Aliases = []string{"cancel"}
	return newResource(batch, "Send, find and cancel batches of messages", aboutBatches,
		newBatchesList(p, batch),
		newGet(p, batch, func(ctx context.Context, client *conversation.Client, id string) (any, error) {
			return client.Batches.Get(ctx, id)
		}),
		newBatchesCreate(p, batch),
		remove,
	)
}

func newBatchesList(p *program, batch object) *cobra.Command {
	var metadata string
	cmd := newList(p, batch, listing[conversation.Batch]{
		columns: []string{"ID", "STATUS", "SEND AFTER"},
		row: func(batch *conversation.Batch) []string {
			return []string{batch.BatchID, string(batch.Status), console.Stamp(batch.SendAfter.Time)}
		},
		items: func(ctx context.Context, client *conversation.Client) ([]conversation.Batch, error) {
			key, value, found := strings.Cut(metadata, "=")
			if !found || key == "" || value == "" {
				return nil, usageError("--metadata must be a key and a value, such as campaign=spring: the API lists batches by their metadata only")
			}
			list, err := client.Batches.FindByMetadata(ctx, key, value)
			if err != nil {
				return nil, err
			}
			return list.Batches, nil
		},
	})
	cmd.Short = "Find batches by their metadata"
	cmd.Example = "  conversationctl batches list --metadata campaign=spring"
	cmd.Flags().StringVar(&metadata, "metadata", "", "`key=value` that the batches have in their batch_metadata. Required")
	return cmd
}

func newBatchesCreate(p *program, batch object) *cobra.Command {
	var app string
	var options conversation.SendAllOptions
	cmd := newCreate(p, batch, sampleBatch,
		func(ctx context.Context, client *conversation.Client, req *conversation.SendBatchRequest) (_ any, err error) {
			if req.AppID, err = fileApp(app, req.AppID); err != nil {
				return nil, err
			}
			return sendBatch(ctx, client, req, options)
		})
	cmd.Long = "Send a message to up to 1,000 people, and print the batch as JSON.\n" + aboutFile + `
The batch has a unique value under ` + conversation.BatchKey + ` in its batch_metadata. If the answer is lost, the batch is
looked up by it. If it is not found, the exit code is 3, and the error has the command that looks for it again. The
batch is never sent twice.`
	fileAppFlag(cmd, &app)
	cmd.Flags().DurationVar(&options.LookupTimeout, "lookup-timeout", time.Minute, "how long a batch whose answer was lost is looked up, as a `duration`")
	return cmd
}

// sendBatch sends a batch with a key, and looks it up by the key if the answer is lost.
func sendBatch(
	ctx context.Context, client *conversation.Client, req *conversation.SendBatchRequest, options conversation.SendAllOptions,
) (any, error) {
	recipients := req.RecipientAndParams
	if len(recipients) == 0 || len(recipients) > 1000 {
		return nil, usageError("--file: recipient_and_params has %d recipients: a batch has 1 to 1,000", len(recipients))
	}
	req.RecipientAndParams = nil
	for result, err := range client.Batches.SendAll(ctx, req, slices.Values(recipients), options) {
		if err != nil {
			return nil, unlessFound(err, "conversationctl batches list --metadata "+conversation.BatchKey+"="+result.Key)
		}
		return conversation.SendBatchResponse{BatchID: result.BatchID, SendAfter: result.SendAfter}, nil
	}
	return nil, ctx.Err()
}
