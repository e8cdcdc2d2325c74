package conversationtest

import "github.com/sinchgo/conversation"

// triggerBatchStatus is the trigger of the events about batches.
const triggerBatchStatus conversation.WebhookTrigger = "BATCH_STATUS_UPDATE"

// messageReport is the payload of MESSAGE_DELIVERY. If a message of a batch has failed, it names the batch.
type messageReport struct {
	*conversation.MessageDeliveryReport
	BatchID      string `json:"batch_id,omitempty"`
	MessageIndex *int   `json:"message_index,omitempty"`
}

// report returns a report about a message, which is a part of a batch unless b is nil.
func (b *batchPart) report(report *conversation.MessageDeliveryReport) *messageReport {
	if b == nil || report.Status != conversation.DeliveryStatusFailed {
		return &messageReport{MessageDeliveryReport: report}
	}
	return &messageReport{report, b.batchID, new(b.index)}
}

// batchNotice is the payload of BATCH_STATUS_UPDATE.
type batchNotice struct {
	BatchID        string    `json:"batch_id"`
	BatchStatus    string    `json:"batch_status"`
	BatchType      string    `json:"batch_type"`
	AdditionalData batchData `json:"additional_data"`
}

type batchData struct {
	MessageBatchData messageBatchData `json:"message_batch_data"`
}

type messageBatchData struct {
	SendAfter     conversation.Time `json:"send_after"`
	BatchMetadata object            `json:"batch_metadata,omitempty"`
}

func newBatchNotice(batch *storedBatch) *batchNotice {
	return &batchNotice{
		BatchID:     batch.id,
		BatchStatus: "BATCH_STATUS_" + string(batch.status),
		BatchType:   "BATCH_TYPE_MESSAGES",
		AdditionalData: batchData{messageBatchData{
			SendAfter: conversation.Time{Time: batch.sendAfter}, BatchMetadata: batch.metadata,
		}},
	}
}

// metadataText returns metadata as JSON in a string, which is empty if there is none.
func metadataText(metadata object) string {
	if len(metadata) == 0 {
		return ""
	}
	return string(encoded(metadata))
}
