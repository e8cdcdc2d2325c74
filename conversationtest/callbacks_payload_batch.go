package conversationtest

import "github.com/sinchgo/conversation"

// report adds to the report about a failed message which batch it is a part of. b is nil for other messages.
func (b *batchPart) report(report *conversation.MessageDeliveryReport) *conversation.MessageDeliveryReport {
	if b != nil && report.Status == conversation.DeliveryStatusFailed {
		report.BatchID, report.MessageIndex = b.batchID, new(b.index)
	}
	return report
}

func newBatchNotice(batch *storedBatch) *conversation.BatchStatusUpdateNotification {
	var metadata conversation.JSONObject
	if len(batch.metadata) > 0 {
		metadata = make(conversation.JSONObject, len(batch.metadata))
	}
	for key, value := range batch.metadata {
		metadata[key] = value
	}
	return &conversation.BatchStatusUpdateNotification{
		BatchID:     batch.id,
		BatchStatus: conversation.BatchUpdateStatus("BATCH_STATUS_" + batch.status),
		BatchType:   "BATCH_TYPE_MESSAGES",
		AdditionalData: &conversation.BatchAdditionalData{MessageBatchData: &conversation.MessageBatchData{
			SendAfter: conversation.Time{Time: batch.sendAfter}, BatchMetadata: metadata,
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
