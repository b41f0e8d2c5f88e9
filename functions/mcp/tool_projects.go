package function

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type labelsArguments struct {
	Archived bool `json:"archived,omitempty" jsonschema:"Also those that the user has archived"`
	page
}

// label is a project or a tag.
type label struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name" jsonschema:"What tasks carry, in this spelling"`
	Color    *string   `json:"color" jsonschema:"The name of its color, or null"`
	Archived bool      `json:"archived"`
	Open     int64     `json:"open" jsonschema:"How many open tasks have it"`
}

// project is a project with the names of its sections.
type project struct {
	label
	Sections []string `json:"sections" jsonschema:"The names of its sections, in the user's order"`
}

type projectsResult struct {
	Projects   []project `json:"projects"`
	NextCursor *string   `json:"next_cursor" jsonschema:"Send it as cursor for the next page; null on the last page"`
}

type tagsResult struct {
	Tags       []label `json:"tags"`
	NextCursor *string `json:"next_cursor" jsonschema:"Send it as cursor for the next page; null on the last page"`
}

func (f *Function) listProjectsTool(s *mcp.Server) {
	tool[labelsArguments, projectsResult]{
		name: "list_projects", title: "List projects",
		description: "Lists the user's projects in the user's order, with their sections and how many open tasks each has, page by page. " +
			"A task is put into a project and a section of it by their names.",
		hints:  reads,
		refine: refineLabels,
		call:   f.listProjects,
	}.add(s)
}

func (f *Function) listProjects(ctx context.Context, in labelsArguments) (projectsResult, string, error) {
	found, next, err := f.listLabels(ctx, in, "/api/projects")
	if err != nil {
		return projectsResult{}, "", err
	}
	sections := map[uuid.UUID][]string{}
	if len(found) > 0 {
		if sections, err = f.sections(ctx); err != nil {
			return projectsResult{}, "", err
		}
	}
	out := projectsResult{Projects: []project{}, NextCursor: next}
	lines := []string{}
	for _, l := range found {
		p := project{label: l, Sections: append([]string{}, sections[l.ID]...)}
		out.Projects = append(out.Projects, p)
		line := l.line()
		if len(p.Sections) > 0 {
			line += ", sections: " + strings.Join(p.Sections, ", ")
		}
		lines = append(lines, line)
	}
	return out, labelLines("project(s)", lines, next), nil
}

// sections returns the names of all sections in their order, by the ids of their projects.
func (f *Function) sections(ctx context.Context) (map[uuid.UUID][]string, error) {
	type section struct {
		ProjectID uuid.UUID `json:"project_id"`
		Name      string    `json:"name"`
	}
	names := map[uuid.UUID][]string{}
	for p := (page{Limit: 200}); ; {
		some, next, err := fetch[section](ctx, f.tasks, "/api/sections", url.Values{}, p)
		if err != nil {
			return nil, err
		}
		for _, one := range some {
			names[one.ProjectID] = append(names[one.ProjectID], one.Name)
		}
		if next == nil {
			return names, nil
		}
		p.Cursor = *next
	}
}

func (f *Function) listTagsTool(s *mcp.Server) {
	tool[labelsArguments, tagsResult]{
		name: "list_tags", title: "List tags",
		description: "Lists the user's tags in the user's order, with how many open tasks each has, page by page.",
		hints:       reads,
		refine:      refineLabels,
		call: func(ctx context.Context, in labelsArguments) (tagsResult, string, error) {
			found, next, err := f.listLabels(ctx, in, "/api/tags")
			lines := []string{}
			for _, l := range found {
				lines = append(lines, l.line())
			}
			return tagsResult{found, next}, labelLines("tag(s)", lines, next), err
		},
	}.add(s)
}

func refineLabels(p properties) {
	p.byDefault("archived", false)
	p.page(pageMax, pageDefault)
	p.at("cursor").Description = "next_cursor of the previous page; send the same archived with it"
}

// listLabels returns a page of a list of projects or tags. Those that are archived are left out here, so a page can be short.
func (f *Function) listLabels(ctx context.Context, in labelsArguments, path string) ([]label, *string, error) {
	all, next, err := fetch[label](ctx, f.tasks, path, url.Values{"open": {"true"}}, in.page)
	if err != nil {
		return nil, nil, err
	}
	found := []label{}
	for _, l := range all {
		if !l.Archived || in.Archived {
			found = append(found, l)
		}
	}
	return found, next, nil
}

// line describes a project or a tag.
func (l label) line() string {
	archived := ""
	if l.Archived {
		archived = ", archived"
	}
	return fmt.Sprintf("%s (%d open%s)", l.Name, l.Open, archived)
}

func labelLines(what string, lines []string, next *string) string {
	text := counted(len(lines), what) + ":"
	for _, line := range lines {
		text += "\n" + line
	}
	if next != nil {
		text += moreLine
	}
	return text
}
