#include "report/document.h"

#include "base/error.h"
#include "base/files.h"
#include "report/writers.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

const json_t *ho_document_detail(const json_t *document, const char *key)
{
    return json_object_get(json_object_get(document, "details"), key);
}

double ho_document_metric(const json_t *object, const char *key)
{
    const json_t *infinite = json_object_get(object, "infinite");
    for (size_t i = 0; i < json_array_size(infinite); i++) {
        const char *name = json_string_value(json_array_get(infinite, i));
        if (name != NULL && strcmp(name, key) == 0) return INFINITY;
    }
    return ho_page_number(json_object_get(object, "metrics"), key);
}

double ho_document_fitness(const json_t *object, const char *key)
{
    const double value = ho_page_number(object, key);
    return isnan(value) ? -INFINITY : value;
}

const char *ho_document_stamp(const json_t *document)
{
    return ho_page_string(json_object_get(document, "timings"), "stamp");
}

/* What every writer relies on; whatever else is missing is left out of the files. */
static ho_status check_document(const json_t *document, const char *path, ho_error *err)
{
    static const struct {
        const char *in, *key;
        json_type type;
    } needed[] = {{NULL, "best", JSON_OBJECT},       {NULL, "details", JSON_OBJECT},
                  {NULL, "settings", JSON_OBJECT},   {NULL, "algorithms", JSON_ARRAY},
                  {"best", "portfolio", JSON_ARRAY}, {"details", "series", JSON_OBJECT},
                  {"details", "members", JSON_ARRAY}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const json_t *in = needed[i].in != NULL ? json_object_get(document, needed[i].in) : document;
        const json_t *value = json_object_get(in, needed[i].key);
        if (value == NULL || json_typeof(value) != needed[i].type)
            return ho_fail(err, HO_ERR_DATA, "%.700s: no result of a run: it lacks %s%s%s", path,
                           needed[i].in != NULL ? needed[i].in : "", needed[i].in != NULL ? "." : "",
                           needed[i].key);
    }
    return HO_OK;
}

static ho_status read_file(const char *path, json_t **document, ho_error *err)
{
    json_error_t why;
    FILE *file = fopen(path, "re");
    if (file == NULL) return ho_fail(err, HO_ERR_DATA, "%.700s: %s", path, strerror(errno));
    json_t *root = json_loadf(file, JSON_REJECT_DUPLICATES, &why);
    fclose(file);
    if (root == NULL) return ho_fail(err, HO_ERR_DATA, "%.700s: line %d: %.200s", path, why.line, why.text);
    ho_status status = check_document(root, path, err);
    if (status == HO_OK)
        *document = root;
    else
        json_decref(root);
    return status;
}

ho_status ho_report_read(const char *folder, json_t **document, ho_error *err)
{
    struct stat is;
    if (stat(folder, &is) != 0) return ho_fail(err, HO_ERR_DATA, "%.700s: %s", folder, strerror(errno));
    if (!S_ISDIR(is.st_mode)) return read_file(folder, document, err);
    char *path = ho_path_join(folder, "result.json");
    if (path == NULL) return ho_fail_memory(err, strlen(folder), "a path");
    ho_status status = read_file(path, document, err);
    free(path);
    return status;
}
