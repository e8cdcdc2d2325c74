package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// writeSBOM returns the bill of materials of a program, from what the linker recorded in it.
func (c *check) writeSBOM(b binary) ([]byte, error) {
	info, err := buildinfo.ReadFile(b.file)
	if err != nil {
		return nil, err
	}
	licenses := map[string][]string{}
	for _, d := range c.licenses {
		licenses[d.path+"@"+d.version] = d.licenses
	}
	for _, release := range c.releases {
		licenses[release.Path+"@"+c.version] = []string{"Apache-2.0"}
	}
	data, err := encodeSBOM(newSBOM(b, info, licenses, c.time.Format(time.RFC3339)))
	if err != nil {
		return nil, err
	}
	return data, checkSBOM(data, info)
}

func encodeSBOM(bom *cdx.BOM) ([]byte, error) {
	var out bytes.Buffer
	err := cdx.NewBOMEncoder(&out, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6)
	return out.Bytes(), err
}

// newSBOM returns the program as the main component, and the modules in it and the standard library as its components.
func newSBOM(b binary, info *debug.BuildInfo, licenses map[string][]string, timestamp string) *cdx.BOM {
	main := component(&info.Main, licenses)
	main.Type, main.Name = cdx.ComponentTypeApplication, b.name()
	main.Properties = &[]cdx.Property{
		{Name: "go:package", Value: info.Path},
		{Name: "go:target", Value: b.target.os + "/" + b.target.arch},
	}
	std := debug.Module{Path: "std", Version: info.GoVersion}
	components := []cdx.Component{component(&std, licenses)}
	refs := []string{components[0].BOMRef}
	for _, module := range info.Deps {
		components = append(components, component(module, licenses))
		refs = append(refs, components[len(components)-1].BOMRef)
	}
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Timestamp: timestamp, Component: &main}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: main.BOMRef, Dependencies: &refs}}
	return bom
}

func component(module *debug.Module, licenses map[string][]string) cdx.Component {
	url := "pkg:golang/" + module.Path + "@" + module.Version
	c := cdx.Component{BOMRef: url, Type: cdx.ComponentTypeLibrary, Name: module.Path, Version: module.Version, PackageURL: url}
	if sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(module.Sum, "h1:")); err == nil && len(sum) > 0 {
		c.Hashes = &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: hex.EncodeToString(sum)}}
	}
	var choices cdx.Licenses
	for _, id := range licenses[module.Path+"@"+module.Version] {
		choices = append(choices, cdx.LicenseChoice{License: &cdx.License{ID: id}})
	}
	if len(choices) > 0 {
		c.Licenses = &choices
	}
	return c
}

// checkSBOM reads a bill of materials and checks that it has the program and every module in it, with a license.
func checkSBOM(data []byte, info *debug.BuildInfo) error {
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(data), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		return err
	}
	if bom.Metadata == nil || bom.Metadata.Component == nil || bom.Components == nil {
		return fmt.Errorf("the SBOM of %s has no main component or no modules", info.Path)
	}
	listed := map[string]bool{}
	for _, c := range append(*bom.Components, *bom.Metadata.Component) {
		listed[c.PackageURL] = c.Licenses != nil
	}
	for _, module := range append(info.Deps, &info.Main) {
		url := "pkg:golang/" + module.Path + "@" + module.Version
		if licensed, ok := listed[url]; !ok || !licensed {
			return fmt.Errorf("the SBOM of %s lacks %s, or its license", info.Path, url)
		}
	}
	return nil
}
