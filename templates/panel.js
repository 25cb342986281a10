{#- The panel and the words of the scripts in the language of the edition: one file an edition, so that no page carries them.
    reader.js puts the panel into the page. -#}
(window.qingdu ??= {}).panel = `
{% filter replace("\\", "\\\\") | replace("`", "\\`") | replace("${", "\\${") %}
{% include "_panel.html" %}
{% endfilter %}
`;
{% if site.offline %}
qingdu.offline = {{ words | tojson }};
{% endif %}
