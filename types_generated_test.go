package conversation_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// generated is types.gen.go, parsed.
func generated(t *testing.T) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "types.gen.go", nil, parser.ParseComments)
	require.NoError(t, err)
	return file
}

// generatedTypes returns the types of types.gen.go by name.
func generatedTypes(t *testing.T) map[string]*ast.TypeSpec {
	t.Helper()
	return typesOf(generated(t))
}

func typesOf(file *ast.File) map[string]*ast.TypeSpec {
	types := make(map[string]*ast.TypeSpec)
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, ok := node.(*ast.TypeSpec); ok {
			types[spec.Name.Name] = spec
		}
		return true
	})
	return types
}

func TestGeneratedCodeNeedsNothingOutsideTheStandardLibrary(t *testing.T) {
	t.Parallel()
	for _, imported := range generated(t).Imports {
		assert.NotContains(t, imported.Path.Value, ".", "an import of a generator's run-time package")
	}
}

func TestGeneratedNamesAreGoNames(t *testing.T) {
	t.Parallel()
	ast.Inspect(generated(t), func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok {
			assert.NotContains(t, name.Name, "_")
			for _, bad := range []string{"Id", "Url", "Urls", "Ttl", "Json", "Ios", "Uri"} {
				assert.False(t, strings.HasSuffix(name.Name, bad), "%s: the initialism is all capitals", name.Name)
			}
		}
		return true
	})
	for name := range generatedTypes(t) {
		assert.NotContains(t, name, "RequestBody", "a twin of a request type")
	}
}

// bareAny are the fields that hold any JSON, because the contract does not describe their content.
var bareAny = map[string]bool{
	"Conversation.MetadataJSON": true, "GenericEvent.Payload": true,
	"CreateConversationRequest.MetadataJSON": true, "UpdateConversationRequest.MetadataJSON": true,
	"ChannelEventDetails.AdditionalData": true, "FlowActionPayload.Data": true,
}

func TestGeneratedTypesAreNamedAndConcrete(t *testing.T) {
	t.Parallel()
	check := func(where string, expr ast.Expr) {
		ast.Inspect(expr, func(node ast.Node) bool {
			switch kind := node.(type) {
			case *ast.StructType:
				assert.Fail(t, "an anonymous struct", where)
			case *ast.InterfaceType:
				assert.Fail(t, "an interface", where)
			case *ast.Ident:
				assert.True(t, kind.Name != "any" || bareAny[where], "%s holds any", where)
			}
			return true
		})
	}
	for name, spec := range generatedTypes(t) {
		assert.False(t, spec.Assign.IsValid(), "%s is an alias", name)
		whole, ok := spec.Type.(*ast.StructType)
		if !ok {
			check(name, spec.Type)
			continue
		}
		for _, field := range whole.Fields.List {
			require.Len(t, field.Names, 1, "%s embeds a type", name)
			check(name+"."+field.Names[0].Name, field.Type)
		}
	}
}

func TestEveryGeneratedTypeAndFieldHasAComment(t *testing.T) {
	t.Parallel()
	wantDoc := func(name string, doc *ast.CommentGroup) {
		text := doc.Text()
		assert.True(t, strings.HasPrefix(text, name[strings.Index(name, ".")+1:]+" "), "%s: the comment begins with the name: %q", name, text)
		assert.Greater(t, len(strings.Fields(text)), 3, "%s: the comment is too short: %q", name, text)
		assert.True(t, strings.HasSuffix(strings.TrimSpace(text), "."), "%s: the comment is a sentence: %q", name, text)
	}
	for _, decl := range generated(t).Decls {
		group, ok := decl.(*ast.GenDecl)
		require.True(t, ok, "types.gen.go holds types and constants alone")
		if group.Tok == token.CONST {
			assert.Greater(t, len(strings.Fields(group.Doc.Text())), 3)
		}
		if group.Tok != token.TYPE {
			continue
		}
		for _, spec := range group.Specs {
			declared, ok := spec.(*ast.TypeSpec)
			require.True(t, ok)
			doc := declared.Doc
			if doc == nil {
				doc = group.Doc
			}
			wantDoc(declared.Name.Name, doc)
			whole, ok := declared.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, field := range whole.Fields.List {
				wantDoc(declared.Name.Name+"."+field.Names[0].Name, field.Doc)
			}
		}
	}
}

func TestTheNamesOfTheDesignExist(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]conversation.Channel{
		"SMS": conversation.ChannelSMS, "RCS": conversation.ChannelRCS, "WHATSAPP": conversation.ChannelWhatsApp,
		"MESSENGER": conversation.ChannelMessenger, "INSTAGRAM": conversation.ChannelInstagram, "VIBER": conversation.ChannelViber,
		"VIBERBM": conversation.ChannelViberBM, "TELEGRAM": conversation.ChannelTelegram,
		"KAKAOTALK": conversation.ChannelKakaoTalk, "LINE": conversation.ChannelLINE, "MMS": conversation.ChannelMMS,
		"KAKAOTALKCHAT": conversation.ChannelKakaoTalkChat, "WECHAT": conversation.ChannelWeChat, "APPLEBC": conversation.ChannelAppleBC,
		"CHANNEL_UNSPECIFIED": conversation.ChannelUnspecified,
	} {
		assert.Equal(t, want, string(got))
	}
	for want, got := range map[string]conversation.WebhookTrigger{
		"MESSAGE_INBOUND": conversation.TriggerMessageInbound, "MESSAGE_DELIVERY": conversation.TriggerMessageDelivery,
		"MESSAGE_SUBMIT": conversation.TriggerMessageSubmit, "EVENT_INBOUND": conversation.TriggerEventInbound,
		"CONTACT_CREATE": conversation.TriggerContactCreate, "CONTACT_DELETE": conversation.TriggerContactDelete,
		"CONTACT_MERGE": conversation.TriggerContactMerge, "CONTACT_UPDATE": conversation.TriggerContactUpdate,
		"CONTACT_IDENTITIES_DUPLICATION": conversation.TriggerContactIdentitiesDuplication,
		"CONVERSATION_START":             conversation.TriggerConversationStart, "CONVERSATION_STOP": conversation.TriggerConversationStop,
		"CONVERSATION_DELETE": conversation.TriggerConversationDelete, "CAPABILITY": conversation.TriggerCapability,
		"OPT_IN": conversation.TriggerOptIn, "OPT_OUT": conversation.TriggerOptOut,
		"CHANNEL_EVENT": conversation.TriggerChannelEvent, "UNSUPPORTED": conversation.TriggerUnsupported,
		"RECORD_NOTIFICATION": conversation.TriggerRecordNotification, "SMART_CONVERSATIONS": conversation.TriggerSmartConversations,
	} {
		assert.Equal(t, want, string(got))
	}
	assert.Equal(t, []conversation.Direction{"TO_APP", "TO_CONTACT"}, []conversation.Direction{conversation.DirectionToApp, conversation.DirectionToContact})
	assert.Equal(t, []conversation.Queue{"NORMAL_PRIORITY", "HIGH_PRIORITY"}, []conversation.Queue{conversation.QueueNormalPriority, conversation.QueueHighPriority})
	assert.Equal(t, []conversation.TargetType{"HTTP", "GRPC", "DISMISS"}, []conversation.TargetType{conversation.TargetTypeHTTP, conversation.TargetTypeGRPC, conversation.TargetTypeDismiss})

	types := generatedTypes(t)
	for _, name := range []string{
		"Recipient", "IdentifiedBy", "TextMessage", "MediaMessage", "CardMessage", "ListMessage", "ListSection",
		"TemplateMessage", "OmniTemplate", "StaticBearer", "StaticToken", "AppEvent", "ContactMessage", "MergeContactsRequest",
		"ListMessagesParams", "ListContactsParams", "ListConversationsParams",
	} {
		assert.Contains(t, types, name)
	}
	// The compiler checks these.
	_ = conversation.ListConversationsParams{OnlyActive: new(false), AppID: "A", ContactID: "C", PageSize: 1, PageToken: "T"}
	_ = conversation.MediaMessage{URL: "https://x.test"}
	_ = conversation.SendMessageRequest{AppID: "A", TTL: 10}
}

func TestEveryContactLanguageHasAConstant(t *testing.T) {
	t.Parallel()
	constants := make(map[string]string)
	ast.Inspect(generated(t), func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, named := spec.Type.(*ast.Ident); named && kind.Name == "ContactLanguage" {
			value, isLiteral := spec.Values[0].(*ast.BasicLit)
			require.True(t, isLiteral)
			constants[value.Value] = spec.Names[0].Name
		}
		return true
	})
	known := readContract(t, contracts[1]).Components.Schemas["ContactLanguage"].Enum
	assert.Len(t, known, 71)
	assert.Len(t, constants, 71)
	for _, language := range known {
		assert.Equal(t, "Language"+strings.ReplaceAll(language, "_", ""), strings.ReplaceAll(constants[strconv.Quote(language)], "Unspecified", "UNSPECIFIED"))
	}
}
