// Package links finds broken links in documents, commands that a shell would change, and tests that are named there and do not exist.
package links

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Check returns the links of the Markdown documents below root whose file or heading does not exist, as
// "DOCUMENT: LINK: REASON", and likewise the commands with a backslash that the shell would remove. Links to other hosts are not
// followed.
func Check(root string) (broken []string, err error) {
	documents, err := find(root, ".md")
	if err != nil {
		return nil, err
	}
	parsed := map[string]document{}
	for _, path := range documents {
		if parsed[path], err = read(path); err != nil {
			return nil, err
		}
	}
	for _, path := range documents {
		name, _ := filepath.Rel(root, path)
		for _, command := range parsed[path].commands {
			if escapes(command) {
				broken = append(broken, fmt.Sprintf("%s: %s: the shell removes the backslash; quote the argument", name, command))
			}
		}
		for _, link := range parsed[path].links {
			if reason := follow(path, link, parsed); reason != "" {
				broken = append(broken, fmt.Sprintf("%s: %s: %s", name, link, reason))
			}
		}
	}
	return broken, nil
}

// find lists the files whose names end so, except those of installed packages and build output.
func find(root, ending string) (paths []string, err error) {
	err = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (name == "node_modules" || strings.HasPrefix(name, ".")):
			return filepath.SkipDir
		case !entry.IsDir() && strings.HasSuffix(name, ending):
			paths = append(paths, path)
		}
		return nil
	})
	return paths, err
}

type document struct {
	links    []string
	commands []string        // the lines of code blocks in no other language than the shell's
	headings map[string]bool // their ids, as GitHub generates them
}

func read(path string) (document, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return document{}, err
	}
	d := document{headings: map[string]bool{}}
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	tree := markdown.Parser().Parse(text.NewReader(source))
	err = ast.Walk(tree, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := node.(type) {
		case *ast.Link:
			d.links = append(d.links, string(n.Destination))
		case *ast.Image:
			d.links = append(d.links, string(n.Destination))
		case *ast.FencedCodeBlock:
			if slices.Contains([]string{"", "sh", "bash"}, string(n.Language(source))) {
				for line := range strings.Lines(string(n.Lines().Value(source))) {
					d.commands = append(d.commands, strings.TrimSpace(line))
				}
			}
		case *ast.Heading:
			if id, found := n.AttributeString("id"); found {
				d.headings[string(id.([]byte))] = true
			}
		}
		return ast.WalkContinue, nil
	})
	return d, err
}

var quotedArgument = regexp.MustCompile(`'[^']*'|"[^"]*"`)

// escapes reports whether a command has a dot behind a backslash outside quotes, as in kubectl's path to a label. The shell removes
// the backslash, and kubectl then finds nothing.
func escapes(command string) bool {
	return strings.Contains(quotedArgument.ReplaceAllString(command, ""), `\.`)
}

// follow returns why a link of a document is broken, or nothing.
func follow(from, link string, documents map[string]document) string {
	to, err := url.Parse(link)
	if err != nil {
		return err.Error()
	}
	if to.Scheme != "" || to.Host != "" {
		return ""
	}
	path := from
	if to.Path != "" {
		path = filepath.Join(filepath.Dir(from), filepath.FromSlash(to.Path))
	}
	if _, err := os.Stat(path); err != nil {
		return "there is no such file"
	}
	if d, isDocument := documents[path]; to.Fragment != "" && isDocument && !d.headings[to.Fragment] {
		return "there is no such heading"
	}
	return ""
}
