package conversation

import (
	"cmp"
	"fmt"
)

// checkCredentials wants each entry to have a channel and exactly one credential object, as the live platform does.
// openapi.yaml asks for neither.
func (c *Client) checkCredentials(op operation, credentials []ChannelCredential) error {
	if c.dialect != DialectPlatform {
		return nil
	}
	for i, credential := range credentials {
		at := fmt.Sprintf("channel_credentials[%d]", i)
		if err := cmp.Or(
			checkFilled(op, at+".channel", string(credential.Channel)),
			checkOneKind(op, at, "set the credentials of its channel", namesSet(
				kind{"applebc_credentials", &credential.AppleBCCredentials},
				kind{"instagram_credentials", &credential.InstagramCredentials},
				kind{"kakaotalk_credentials", &credential.KakaoTalkCredentials},
				kind{"kakaotalkchat_credentials", &credential.KakaoTalkChatCredentials},
				kind{"line_credentials", &credential.LineCredentials},
				kind{"line_enterprise_credentials", &credential.LineEnterpriseCredentials},
				kind{"mms_credentials", &credential.MMSCredentials},
				kind{"static_bearer", &credential.StaticBearer},
				kind{"static_token", &credential.StaticToken},
				kind{"telegram_credentials", &credential.TelegramCredentials},
				kind{"wechat_credentials", &credential.WeChatCredentials},
			)),
			checkLineEnterprise(op, at+".line_enterprise_credentials", credential.LineEnterpriseCredentials),
		); err != nil {
			return err
		}
	}
	return nil
}

func checkLineEnterprise(op operation, field string, credentials *LineEnterpriseCredentials) error {
	if credentials == nil {
		return nil
	}
	return checkOneKind(op, field, "set LineJapan or LineThailand", namesSet(
		kind{"line_japan", &credentials.LineJapan},
		kind{"line_thailand", &credentials.LineThailand},
	))
}
