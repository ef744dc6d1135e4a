/* The workbook's side of a build without libxlsxwriter. */
#include "base/error.h"
#include "report/xlsx/xlsx.h"

const char *ho_xlsx_version(void)
{
    return NULL;
}

ho_status ho_write_workbook(const json_t *document, const char *path, ho_error *err)
{
    (void)document;
    return ho_fail(err, HO_ERR_UNAVAILABLE, "%.700s: libxlsxwriter is not in this build", path);
}
