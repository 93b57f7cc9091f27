((prose_text) @injection.content (#set! injection.language "markdown"))

(fence (language) @injection.language (script) @injection.content)
