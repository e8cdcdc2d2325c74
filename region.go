package conversation

import "net/url"

// Region is where an app and its data are hosted. Calls to any other region do not find the app.
type Region string

// The regions of the platform.
const (
	RegionUS Region = "us" // United States
	RegionEU Region = "eu" // European Union
	RegionBR Region = "br" // Brazil
)

// known reports whether the region is one of the platform's.
func (r Region) known() bool {
	return r == RegionUS || r == RegionEU || r == RegionBR
}

// templatesURL returns the address of the region's templates.
func (r Region) templatesURL() *url.URL {
	return &url.URL{Scheme: "https", Host: string(r) + ".template.api.sinch.com"}
}

// baseURL returns the address of the region's API, as in the servers of openapi.yaml.
func (r Region) baseURL() *url.URL {
	return &url.URL{Scheme: "https", Host: string(r) + ".conversation.api.sinch.com"}
}
