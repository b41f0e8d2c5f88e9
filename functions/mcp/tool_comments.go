package function

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/comment"
)

type commentArguments struct {
	ID   uuid.UUID `json:"id" jsonschema:"The task's id"`
	Text string    `json:"text" jsonschema:"The comment, in Markdown"`
	change
}

type commentResult struct {
	Comment comment.Comment `json:"comment"`
	DryRun  bool            `json:"dry_run" jsonschema:"Nothing was added: this is what the comment would be"`
}

func (f *Function) commentTaskTool(s *mcp.Server) {
	tool[commentArguments, commentResult]{
		name: "comment_task", title: "Comment on a task",
		description: "Adds a comment to a task, under your name. Use it for a note, a question or a result; to change the task itself use update_task.",
		refine: func(p properties) {
			p.length("text", 1, comment.MaxText)
			p.change()
		},
		call: f.commentTask,
	}.add(s)
}

func (f *Function) commentTask(ctx context.Context, in commentArguments) (commentResult, string, error) {
	out := commentResult{DryRun: in.DryRun}
	r := rest.Request{Method: http.MethodPost, Path: taskPath(in.ID) + "/comments", Body: map[string]string{"text": in.Text}}
	err := f.call(ctx, in.request(r), &out.Comment)
	return out, in.done("Commented", "comment") + in.Text, err
}

type commentsArguments struct {
	ID uuid.UUID `json:"id" jsonschema:"The task's id"`
	page
}

type commentsResult struct {
	Comments   []comment.Comment `json:"comments" jsonschema:"Newest first"`
	NextCursor *string           `json:"next_cursor" jsonschema:"Send it as cursor for the next page; null on the last page"`
}

func (f *Function) listCommentsTool(s *mcp.Server) {
	tool[commentsArguments, commentsResult]{
		name: "list_comments", title: "List the comments on a task",
		description: "Lists the comments on a task with who wrote them, newest first, page by page.",
		hints:       reads,
		refine:      func(p properties) { p.page(pageMax, pageDefault) },
		call:        f.listComments,
	}.add(s)
}

func (f *Function) listComments(ctx context.Context, in commentsArguments) (commentsResult, string, error) {
	z, err := f.zone(ctx)
	if err != nil {
		return commentsResult{}, "", err
	}
	comments, next, err := fetch[comment.Comment](ctx, f.tasks, taskPath(in.ID)+"/comments", url.Values{"sort": {"-created_at"}}, in.page)
	if err != nil {
		return commentsResult{}, "", err
	}
	out := commentsResult{Comments: comments, NextCursor: next}
	lines := []string{counted(len(out.Comments), "comment(s)") + ":"}
	for _, c := range out.Comments {
		// Quoted, because a text with several lines could look like comments of others.
		lines = append(lines, fmt.Sprintf("%s: %s: %q", z.format(c.CreatedAt), who(c.Actor), c.Text))
	}
	return out, strings.Join(lines, "\n"), nil
}
