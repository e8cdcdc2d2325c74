package conversation_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// contractSHA256 is the digest of the contract as it was given. The file is never edited: what we add goes into
// internal/spec/overlay.yaml.
const contractSHA256 = "e08b08acc35e5a91e4919aee43c2d6902842f935a5d59d886c0f9f73db9fd917"

func TestTheContractIsTheOneThatWasGiven(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("openapi.yaml")
	require.NoError(t, err)
	digest := sha256.Sum256(data)
	assert.Equal(t, contractSHA256, hex.EncodeToString(digest[:]), "openapi.yaml was edited: put the change into internal/spec/overlay.yaml")
}

func TestTheEffectiveContractSaysHowItIsMade(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("internal/spec/effective.yaml")
	require.NoError(t, err)
	first, _, _ := strings.Cut(string(data), "\n")
	assert.Contains(t, first, "make generate")
	assert.Contains(t, first, "DO NOT EDIT")
}

// yamlLines gives the lines of a file.
func yamlLines(t *testing.T, name string) []string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	var lines []string
	for scanner := bufio.NewScanner(strings.NewReader(string(data))); scanner.Scan(); {
		lines = append(lines, scanner.Text())
	}
	return lines
}

// schemaNames gives the names below components.schemas.
func schemaNames(t *testing.T, name string) []string {
	t.Helper()
	var names []string
	inside := false
	for _, line := range yamlLines(t, name) {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case line == "  schemas:":
			inside = true
		case inside && line != "" && indent <= 2:
			inside = false
		case inside && indent == 4:
			names = append(names, strings.TrimSuffix(strings.TrimSpace(line), ":"))
		}
	}
	return names
}

// enumValues gives the values of every enum in a file.
func enumValues(t *testing.T, name string) []string {
	t.Helper()
	var values []string
	inside := false
	for _, line := range yamlLines(t, name) {
		value, isItem := strings.CutPrefix(strings.TrimSpace(line), "- ")
		if inside && isItem {
			values = append(values, value)
			continue
		}
		inside = strings.TrimSpace(line) == "enum:"
	}
	return values
}

// generated is types.gen.go, parsed.
func generated(t *testing.T) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "types.gen.go", nil, parser.ParseComments)
	require.NoError(t, err)
	return file
}

// generatedTypes gives the types of types.gen.go by name.
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

// handWritten gives the types of types_union_channels.go, which stand for schemas that the generator leaves out.
func handWritten(t *testing.T) map[string]*ast.TypeSpec {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "types_union_channels.go", nil, 0)
	require.NoError(t, err)
	return typesOf(file)
}

func TestEverySchemaIsAGoType(t *testing.T) {
	t.Parallel()
	types := generatedTypes(t)
	for name := range handWritten(t) {
		types[name] = nil
	}
	given, effective := schemaNames(t, "openapi.yaml"), schemaNames(t, "internal/spec/effective.yaml")
	require.Len(t, given, 30)
	assert.Subset(t, effective, given)
	elsewhere := excludedSchemas(t)
	for _, name := range effective {
		_, made := types[name]
		assert.True(t, made || slices.Contains(elsewhere, name), name)
	}
}

// excludedSchemas gives the schemas that have no generated type: theirs are written by hand.
func excludedSchemas(t *testing.T) []string {
	t.Helper()
	config := strings.Join(yamlLines(t, "internal/spec/oapi-codegen.yaml"), " ")
	_, list, found := strings.Cut(config, "exclude-schemas:")
	require.True(t, found)
	list, _, _ = strings.Cut(list, "]")
	return strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" [,", r) })
}

func TestEveryEnumValueIsAGoConstant(t *testing.T) {
	t.Parallel()
	var constants []string
	for _, decl := range generated(t).Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			value, ok := spec.(*ast.ValueSpec)
			require.True(t, ok)
			for _, expr := range value.Values {
				literal, ok := expr.(*ast.BasicLit)
				require.True(t, ok)
				text, err := strconv.Unquote(literal.Value)
				require.NoError(t, err)
				constants = append(constants, text)
			}
		}
	}
	given := enumValues(t, "openapi.yaml")
	require.GreaterOrEqual(t, len(given), 36)
	assert.Subset(t, constants, given)
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

// bareAny are the fields that hold any JSON, because the contract says nothing about what is in them.
var bareAny = map[string]bool{
	"OmniTemplate.Parameters": true, "Conversation.MetadataJSON": true, "GenericEvent.Payload": true,
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

func TestEveryGeneratedTypeAndFieldSaysWhatItIs(t *testing.T) {
	t.Parallel()
	wantDoc := func(name string, doc *ast.CommentGroup) {
		text := doc.Text()
		assert.True(t, strings.HasPrefix(text, name[strings.Index(name, ".")+1:]+" "), "%s: the comment begins with the name: %q", name, text)
		assert.Greater(t, len(strings.Fields(text)), 3, "%s: the comment says too little: %q", name, text)
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

func TestTheNamesOfTheDesignStand(t *testing.T) {
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
