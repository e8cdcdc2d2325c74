package conversationtest_test

import "github.com/sinchgo/conversation"

var linePair = &conversation.LineEnterpriseCredentialsPair{Token: "t0ken", Secret: "s3cret"}

// fullCredentials has credentials of every kind, which together have all fields. A channel has credentials of one kind.
var fullCredentials = []conversation.ChannelCredential{
	{
		Channel: conversation.ChannelWhatsApp, CallbackSecret: "c4llback", CredentialOrdinalNumber: new(255),
		ChannelKnownID: "known", State: &conversation.ChannelIntegrationState{Status: conversation.ChannelIntegrationFailing, Description: "why"},
		StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "sender", Token: "t0ken"},
	},
	{Channel: conversation.ChannelMessenger, StaticToken: &conversation.StaticToken{Token: "t0ken"}},
	{Channel: conversation.ChannelAppleBC, AppleBCCredentials: &conversation.AppleBCCredentials{
		BusinessChatAccountID: "business", MerchantID: "merchant", ApplePayCertificateReference: "certificate", ApplePayCertificatePassword: "p4ss",
	}},
	{Channel: conversation.ChannelInstagram, InstagramCredentials: &conversation.InstagramCredentials{Token: "t0ken", BusinessAccountID: "business"}},
	{Channel: conversation.ChannelKakaoTalk, KakaoTalkCredentials: &conversation.KakaoTalkCredentials{KakaoTalkPlusFriendID: "friend", KakaoTalkSenderKey: "k3y"}},
	{Channel: conversation.ChannelKakaoTalkChat, KakaoTalkChatCredentials: &conversation.KakaoTalkChatCredentials{KakaoTalkPlusFriendID: "friend", APIKey: "k3y"}},
	{Channel: conversation.ChannelLINE, LineCredentials: &conversation.LineCredentials{Token: "t0ken", Secret: "s3cret", IsDefault: true}},
	{Channel: conversation.ChannelLINE, LineEnterpriseCredentials: &conversation.LineEnterpriseCredentials{LineJapan: linePair, IsDefault: true}},
	{Channel: conversation.ChannelLINE, LineEnterpriseCredentials: &conversation.LineEnterpriseCredentials{LineThailand: linePair}},
	{Channel: conversation.ChannelMMS, MMSCredentials: &conversation.MMSCredentials{
		AccountID: "account", APIKey: "k3y", BasicAuth: conversation.BasicAuthCredential{Username: "name", Password: "p4ss"}, DefaultSender: "46700000000",
	}},
	{Channel: conversation.ChannelTelegram, TelegramCredentials: &conversation.TelegramCredentials{Token: "t0ken"}},
	{Channel: conversation.ChannelWeChat, WeChatCredentials: &conversation.WeChatCredentials{
		AppID: "app", AppSecret: "s3cret", Token: "t0ken", AESKey: "k3y",
	}},
}

var fullAppUpdate = conversation.UpdateAppRequest{
	CallbackSettings:               fullAppRequest.CallbackSettings,
	ChannelCredentials:             fullAppRequest.ChannelCredentials,
	ConversationMetadataReportView: &fullAppRequest.ConversationMetadataReportView,
	DeliveryReportBasedFallback:    fullAppRequest.DeliveryReportBasedFallback,
	DispatchRetentionPolicy:        fullAppRequest.DispatchRetentionPolicy,
	DisplayName:                    &fullAppRequest.DisplayName,
	MessageRetrySettings:           fullAppRequest.MessageRetrySettings,
	ProcessingMode:                 &fullAppRequest.ProcessingMode,
	RetentionPolicy:                fullAppRequest.RetentionPolicy,
	SmartConversation:              fullAppRequest.SmartConversation,
}

var fullAppRequest = conversation.CreateAppRequest{
	CallbackSettings:               &conversation.CallbackSettings{SecretForOverriddenCallbackURLs: "s3cret"},
	ChannelCredentials:             fullCredentials,
	ConversationMetadataReportView: conversation.ReportViewFull,
	DeliveryReportBasedFallback:    &conversation.DeliveryReportBasedFallback{Enabled: true, DeliveryReportWaitingTime: 10},
	DispatchRetentionPolicy:        &conversation.DispatchRetentionPolicy{RetentionType: conversation.DispatchRetentionMessageExpire, TTLDays: 7},
	DisplayName:                    "Shop",
	MessageRetrySettings:           &conversation.MessageRetrySettings{RetryDuration: 30},
	ProcessingMode:                 conversation.ProcessingModeDispatch,
	RetentionPolicy:                &conversation.RetentionPolicy{RetentionType: conversation.RetentionConversationExpire, TTLDays: 3650},
	SmartConversation:              &conversation.SmartConversation{Enabled: true},
}

var fullClientCredentials = &conversation.ClientCredentials{
	ClientID: "client", ClientSecret: "s3cret", Endpoint: "https://example.com/token", ResponseType: "code", Scope: "in",
	TokenRequestType: conversation.TokenRequestForm,
}

var fullWebhookUpdate = conversation.UpdateWebhookRequest{
	AppID:             new("APP"),
	ClientCredentials: fullClientCredentials,
	Secret:            new("s3cret"),
	Target:            new("https://example.com/in"),
	TargetType:        new(conversation.TargetTypeHTTP),
	Triggers:          []conversation.WebhookTrigger{conversation.TriggerOptIn, conversation.TriggerOptOut},
}
