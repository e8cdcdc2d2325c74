package conversation

import (
	"context"
	"net/http"
)

// TemplatesService manages omni-channel templates: messages with placeholders, in several languages. They are on a separate
// host; see [WithTemplatesBaseURL].
type TemplatesService service

var (
	opTemplatesCreate       = operation{"Templates.Create", http.MethodPost, "/v2/projects/{project_id}/templates", classNotIdempotent}
	opTemplatesList         = operation{"Templates.List", http.MethodGet, "/v2/projects/{project_id}/templates", classReadOnly}
	opTemplatesGet          = operation{"Templates.Get", http.MethodGet, "/v2/projects/{project_id}/templates/{template_id}", classReadOnly}
	opTemplatesUpdate       = operation{"Templates.Update", http.MethodPut, "/v2/projects/{project_id}/templates/{template_id}", classIdempotent}
	opTemplatesDelete       = operation{"Templates.Delete", http.MethodDelete, "/v2/projects/{project_id}/templates/{template_id}", classIdempotent}
	opTemplatesTranslations = operation{"Templates.Translations", http.MethodGet, "/v2/projects/{project_id}/templates/{template_id}/translations", classReadOnly}
)

// Create creates a template.
//
//	POST /v2/projects/{project_id}/templates
//
// Create is not idempotent, and is not retried. With an ID of your own it is safe to call again after an unknown
// outcome: ids are unique in a project, so that no second template can arise. If the first call did create it, the
// second is rejected.
//
// Returns [*ArgumentError] if a translation has no language, or not exactly one message kind, and with [DialectPlatform] if
// there are no translations, or none in the language of DefaultTranslation.
func (s *TemplatesService) Create(ctx context.Context, req *V2Template, opts ...RequestOption) (*V2TemplateResponse, error) {
	if err := checkCreateTemplate(s.client.checker(opTemplatesCreate), req); err != nil {
		return nil, s.client.rejected(ctx, opTemplatesCreate, err, opts)
	}
	body := s.client.templateBody(req)
	return send[V2TemplateResponse](ctx, s.client, s.call(opTemplatesCreate, "", body), opts)
}

// List returns all templates of the project. There are no pages.
//
//	GET /v2/projects/{project_id}/templates
func (s *TemplatesService) List(ctx context.Context, opts ...RequestOption) (*V2ListTemplatesResponse, error) {
	return send[V2ListTemplatesResponse](ctx, s.client, s.call(opTemplatesList, "", nil), opts)
}

// Get returns one template. A template of another region is reported as [ErrNotFound].
//
//	GET /v2/projects/{project_id}/templates/{template_id}
func (s *TemplatesService) Get(ctx context.Context, templateID string, opts ...RequestOption) (*V2TemplateResponse, error) {
	return send[V2TemplateResponse](ctx, s.client, s.call(opTemplatesGet, templateID, nil), opts)
}

// Update replaces a template as a whole. The request must have the current version, so begin with what Get returns:
// V2Template(*stored) is the template as it is.
//
//	PUT /v2/projects/{project_id}/templates/{template_id}
//
// A retry after an attempt that did succeed has an old version and is rejected; [OutcomeOf] then returns
// [OutcomeUnknown]. Returns [*ArgumentError] if the request has another id or no version, or if a translation has no
// language, or not exactly one message kind.
func (s *TemplatesService) Update(ctx context.Context, templateID string, req *V2Template, opts ...RequestOption) (*V2TemplateResponse, error) {
	if err := checkUpdateTemplate(s.client.checker(opTemplatesUpdate), templateID, req); err != nil {
		return nil, s.client.rejected(ctx, opTemplatesUpdate, err, opts)
	}
	body := s.client.templateBody(req)
	return send[V2TemplateResponse](ctx, s.client, s.call(opTemplatesUpdate, templateID, body), opts)
}

// Delete deletes a template with its translations.
//
//	DELETE /v2/projects/{project_id}/templates/{template_id}
func (s *TemplatesService) Delete(ctx context.Context, templateID string, opts ...RequestOption) error {
	return s.client.do(ctx, s.call(opTemplatesDelete, templateID, nil), opts)
}

// Translations returns the translations of a template. Nil params have no filter. There are no pages.
//
//	GET /v2/projects/{project_id}/templates/{template_id}/translations
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
	check.defaultTranslation(req)
	return check.problem
}

// defaultTranslation requires what the live platform does of a new template: translations, and the language of the
// default one.
func (c *checker) defaultTranslation(req *V2Template) {
	if !c.platform {
		return
	}
	c.required("default_translation", req.DefaultTranslation)
	if len(req.Translations) == 0 {
		c.reject("translations", "is empty: add a translation")
	}
	for _, translation := range req.Translations {
		if translation.LanguageCode == req.DefaultTranslation {
			return
		}
	}
	c.reject("default_translation", "is not the language code of a translation: add it, or use one that is there")
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
	c.placeholders = true
	for i := range translations {
		at := element("translations", i)
		c.required(at+".language_code", translations[i].LanguageCode)
		c.appMessage(at, translations[i].message())
		for channel, override := range translations[i].ChannelTemplateOverrides {
			if override.TemplateReference != nil {
				c.required(at+".channel_template_overrides."+string(channel)+".template_reference.template_id", override.TemplateReference.TemplateID)
			}
		}
	}
}
