package conversation

import (
	"context"
	"net/http"
)

// TemplatesService manages omni-channel templates: messages with placeholders, in several languages. They live on a host
// of their own; see [WithTemplatesBaseURL].
type TemplatesService service

var (
	opTemplatesCreate       = operation{"Templates.Create", http.MethodPost, "/v2/projects/{project_id}/templates", classNotIdempotent}
	opTemplatesList         = operation{"Templates.List", http.MethodGet, "/v2/projects/{project_id}/templates", classReadOnly}
	opTemplatesGet          = operation{"Templates.Get", http.MethodGet, "/v2/projects/{project_id}/templates/{template_id}", classReadOnly}
	opTemplatesUpdate       = operation{"Templates.Update", http.MethodPut, "/v2/projects/{project_id}/templates/{template_id}", classIdempotent}
	opTemplatesDelete       = operation{"Templates.Delete", http.MethodDelete, "/v2/projects/{project_id}/templates/{template_id}", classIdempotent}
	opTemplatesTranslations = operation{"Templates.Translations", http.MethodGet, "/v2/projects/{project_id}/templates/{template_id}/translations", classReadOnly}
)

// Create makes a template: POST /v2/projects/{project_id}/templates.
//
// Create is not idempotent: it is repeated only after 429 and when it is proven that the request was not sent. Errors:
// [*ArgumentError] for a nil request, or a translation without language or with not exactly one message kind;
// [*AuthError]; [*TransportError]; [*Error].
func (s *TemplatesService) Create(ctx context.Context, req *V2Template, opts ...RequestOption) (*V2TemplateResponse, error) {
	if err := checkCreateTemplate(s.client.checker(opTemplatesCreate), req); err != nil {
		return nil, err
	}
	body := s.client.templateBody(req)
	return send[V2TemplateResponse](ctx, s.client, s.call(opTemplatesCreate, "", body), opts)
}

// List reads all templates of the project: GET /v2/projects/{project_id}/templates. There are no pages.
//
// List is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors: [*AuthError];
// [*TransportError]; [*Error].
func (s *TemplatesService) List(ctx context.Context, opts ...RequestOption) (*V2ListTemplatesResponse, error) {
	return send[V2ListTemplatesResponse](ctx, s.client, s.call(opTemplatesList, "", nil), opts)
}

// Get reads one template: GET /v2/projects/{project_id}/templates/{template_id}.
//
// Get is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors: [*ArgumentError]
// for an empty id; [*AuthError]; [*TransportError]; [*Error], which is [ErrNotFound] for an unknown template, or one of
// another region.
func (s *TemplatesService) Get(ctx context.Context, templateID string, opts ...RequestOption) (*V2TemplateResponse, error) {
	return send[V2TemplateResponse](ctx, s.client, s.call(opTemplatesGet, templateID, nil), opts)
}

// Update replaces a template as a whole: PUT /v2/projects/{project_id}/templates/{template_id}. The request must carry
// the current version, so begin with what Get gives: V2Template(*stored) is the template as it is.
//
// Update is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. A repeat after an attempt
// that did work carries an old version and is refused; [OutcomeOf] then says [OutcomeUnknown]. Errors: [*ArgumentError]
// for an empty id, another id in the request, a nil request, no version, or a translation without language or with not
// exactly one message kind; [*AuthError]; [*TransportError]; [*Error], which is [ErrNotFound] for an unknown template.
func (s *TemplatesService) Update(ctx context.Context, templateID string, req *V2Template, opts ...RequestOption) (*V2TemplateResponse, error) {
	if err := checkUpdateTemplate(s.client.checker(opTemplatesUpdate), templateID, req); err != nil {
		return nil, err
	}
	body := s.client.templateBody(req)
	return send[V2TemplateResponse](ctx, s.client, s.call(opTemplatesUpdate, templateID, body), opts)
}

// Delete removes a template with its translations: DELETE /v2/projects/{project_id}/templates/{template_id}.
//
// Delete is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504, and a repeat that finds
// nothing after an attempt that may have worked is a success. Errors: [*ArgumentError] for an empty id; [*AuthError];
// [*TransportError]; [*Error], which is [ErrNotFound] for an unknown template.
func (s *TemplatesService) Delete(ctx context.Context, templateID string, opts ...RequestOption) error {
	return s.client.do(ctx, s.call(opTemplatesDelete, templateID, nil), opts)
}

// Translations reads the translations of a template:
// GET /v2/projects/{project_id}/templates/{template_id}/translations. There are no pages. Nil params mean no filter.
//
// Translations is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors:
// [*ArgumentError] for an empty id; [*AuthError]; [*TransportError]; [*Error], which is [ErrNotFound] for an unknown
// template.
func (s *TemplatesService) Translations(ctx context.Context, templateID string, params *V2ListTranslationsParams, opts ...RequestOption) (*V2ListTranslationsResponse, error) {
	if params == nil {
		params = &V2ListTranslationsParams{}
	}
	call := s.call(opTemplatesTranslations, templateID, nil)
	call.query = queryOf(map[string]string{"language_code": params.LanguageCode, "translation_version": params.TranslationVersion})
	return send[V2ListTranslationsResponse](ctx, s.client, call, opts)
}

// call returns a call to the host of templates. An empty templateID is for a route without one.
func (s *TemplatesService) call(op operation, templateID string, in any) *call {
	return &call{operation: op, baseURL: s.client.templatesURL, ids: ids{templateID}, in: in}
}

func checkCreateTemplate(check checker, req *V2Template) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.translations(req.Translations)
	return check.problem
}

func checkUpdateTemplate(check checker, templateID string, req *V2Template) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.translations(req.Translations)
	if req.ID != "" && req.ID != templateID {
		check.reject("id", "differs from the templateID argument: leave it empty")
	}
	if req.Version <= 0 {
		check.reject("version", "is required: set it to the current version, which Get returns")
	}
	return check.problem
}

// translations requires each translation to have a language and exactly one message kind.
func (c *checker) translations(translations []V2TemplateTranslation) {
	for i := range translations {
		at := element("translations", i)
		c.required(at+".language_code", translations[i].LanguageCode)
		c.appMessage(at, translations[i].message())
	}
}
