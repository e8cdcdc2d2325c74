package contract

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fieldRules are the rules of fields that mean the same wherever they are.
var fieldRules = map[string]func(f *findings, path string, value any){
	"callback_url":     (*findings).webURL,
	"fallback_url":     (*findings).webURL,
	"picture_url":      (*findings).webURL,
	"thumbnail_url":    (*findings).webURL,
	"media":            (*findings).linked,
	"media_message":    (*findings).linked,
	"url_message":      (*findings).linked,
	"card_message":     (*findings).card,
	"cards":            (*findings).cards,
	"carousel_message": (*findings).outerChoices,
	"sections":         (*findings).sections,
	"emphasized_item":  (*findings).emphasized,
	"expiration_time":  (*findings).expiration,

	"channel_credentials":           (*findings).credentials,
	"channel_properties":            (*findings).properties,
	"channel_specific_message":      (*findings).byChannel,
	"explicit_channel_message":      (*findings).byChannel,
	"channel_template":              (*findings).channelTemplates,
	"explicit_channel_omni_message": (*findings).overrides,
}

func (f *findings) webURL(path string, value any) {
	text, ok := value.(string)
	if !ok || text == "" {
		return
	}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Hostname() == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		f.add(path, "it must be an absolute http or https URL")
	}
}

// linked checks the URL of media or of a button.
func (f *findings) linked(path string, value any) {
	if of, ok := value.(object); ok {
		f.webURL(path+".url", of["url"])
	}
}

// card requires content.
func (f *findings) card(path string, value any) {
	of, _ := value.(object)
	for _, name := range []string{"title", "description", "media_message", "choices"} {
		if part := of[name]; part != nil && part != "" {
			return
		}
	}
	f.add(path, "it needs a title, a description, a media_message or choices")
}

func (f *findings) cards(path string, value any) {
	cards, _ := value.([]any)
	for i, card := range cards {
		f.card(path+"["+strconv.Itoa(i)+"]", card)
	}
}

// outerChoices rejects a display mode of the choices that are below the cards of a carousel.
func (f *findings) outerChoices(path string, value any) {
	of, _ := value.(object)
	choices, _ := of["choices"].([]any)
	for i, choice := range choices {
		if of, _ := choice.(object); of["display_mode"] != nil {
			f.add(path+".choices["+strconv.Itoa(i)+"].display_mode", "it is rejected for the choices of a carousel")
		}
	}
}

// sections requires all items of a menu to be of the same kind.
func (f *findings) sections(path string, value any) {
	sections, _ := value.([]any)
	kinds := map[string]bool{}
	for _, section := range sections {
		of, _ := section.(object)
		items, _ := of["items"].([]any)
		for _, item := range items {
			of, _ := item.(object)
			for kind := range of {
				kinds[kind] = true
			}
		}
	}
	if kinds["choice"] && kinds["product"] {
		f.add(path, "all items must be choices, or all must be products")
	}
}

// emphasized limits the item of a LINE notification that is highlighted.
func (f *findings) emphasized(path string, value any) {
	of, _ := value.(object)
	if content, ok := of["content"].(string); ok && utf8.RuneCountInString(content) > maxEmphasizedItem {
		f.add(path+".content", "it has more than %d characters", maxEmphasizedItem)
	}
}

// expiration requires the time of an order of WhatsApp, in Unix seconds, to be far enough ahead.
func (f *findings) expiration(path string, value any) {
	text, _ := value.(string)
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || !f.injected && seconds-f.now.Unix() < minOrderExpiration {
		f.add(path, "it must be a time in Unix seconds, at least %d seconds ahead", minOrderExpiration)
	}
}

var channels = []string{
	"APPLEBC", "INSTAGRAM", "KAKAOTALK", "KAKAOTALKCHAT", "LINE", "MESSENGER", "MMS", "RCS", "SMS", "TELEGRAM", "VIBER", "VIBERBM", "WECHAT",
	"WHATSAPP",
}

var channelProperties = []string{
	"INSTAGRAM_MESSAGE_TAG", "KAKAOTALK_AUTHENTICATION", "LINE_VIDEO_TRACKING_ID", "MESSENGER_MESSAGE_TAG", "MESSENGER_MESSAGING_TYPE",
	"MESSENGER_NOTIFICATION_TYPE", "MMS_SENDER", "MMS_STRICT_VALIDATION", "SMS_FLASH_MESSAGE", "SMS_MAX_NUMBER_OF_MESSAGE_PARTS",
	"SMS_SENDER", "TELEGRAM_DISABLE_LINK_PREVIEW", "VIBER_SENDER_AVATAR", "VIBER_SENDER_NAME",
}

func (f *findings) byChannel(path string, value any) { f.keys(path, value, channels) }

func (f *findings) properties(path string, value any) { f.keys(path, value, channelProperties) }

func (f *findings) overrides(path string, value any) {
	f.keys(path, value, []string{"KAKAOTALK", "WECHAT", "WHATSAPP"})
}

// keys requires the names of the fields of an object to be known.
func (f *findings) keys(path string, value any, known []string) {
	of, _ := value.(object)
	for _, name := range slices.Sorted(maps.Keys(of)) {
		if !slices.Contains(known, name) {
			f.add(path, "%q is none of %s", name, strings.Join(known, ", "))
		}
	}
}

// channelTemplates requires a language for templates of WhatsApp, which writes it with an underscore.
func (f *findings) channelTemplates(path string, value any) {
	f.byChannel(path, value)
	of, _ := value.(object)
	template, ok := of["WHATSAPP"].(object)
	if !ok {
		return
	}
	switch language, _ := template["language_code"].(string); {
	case language == "":
		f.add(path+".WHATSAPP.language_code", "it is required")
	case strings.Contains(language, "-"):
		f.add(path+".WHATSAPP.language_code", "it has an underscore, such as en_US")
	}
}

// numberChannels are the channels whose identities are phone numbers.
var numberChannels = []string{"MMS", "RCS", "SMS", "VIBERBM", "WHATSAPP"}

var phoneNumber = regexp.MustCompile(`^\+?[1-9][0-9]{6,14}$`)

// identity requires the identity on some channels to be a phone number.
func (f *findings) identity(path string, of object) {
	channel, _ := of["channel"].(string)
	number, ok := of["identity"].(string)
	if ok && slices.Contains(numberChannels, channel) && !phoneNumber.MatchString(number) {
		f.add(join(path, "identity"), "it must be a phone number of 7 to 15 digits, which begins with the country code")
	}
}

// credentialsOf maps a channel to the fields of its credentials.
var credentialsOf = map[string][]string{
	"APPLEBC":       {"applebc_credentials"},
	"INSTAGRAM":     {"instagram_credentials"},
	"KAKAOTALK":     {"kakaotalk_credentials"},
	"KAKAOTALKCHAT": {"kakaotalkchat_credentials"},
	"LINE":          {"line_credentials", "line_enterprise_credentials"},
	"MESSENGER":     {"static_token"},
	"MMS":           {"mms_credentials"},
	"RCS":           {"static_bearer"},
	"SMS":           {"static_bearer"},
	"TELEGRAM":      {"telegram_credentials"},
	"VIBER":         {"static_token"},
	"VIBERBM":       {"static_bearer"},
	"WECHAT":        {"wechat_credentials"},
	"WHATSAPP":      {"static_bearer"},
}

// credentials requires the credentials of a channel to be of its kind.
func (f *findings) credentials(path string, value any) {
	list, _ := value.([]any)
	for i, item := range list {
		of, _ := item.(object)
		channel, _ := of["channel"].(string)
		fields := credentialsOf[channel]
		if !slices.ContainsFunc(fields, func(field string) bool { return of[field] != nil }) {
			f.add(path+"["+strconv.Itoa(i)+"]", "%s needs %s", channel, strings.Join(fields, " or "))
		}
	}
}
