((prose) @injection.content
 (#set! injection.language "markdown")
 (#offset! @injection.content 0 3 0 -3))

(fence (language) @injection.language (script) @injection.content)
