/* The other side of zip.h and workbook.h, in builds without minizip or expat. */
#include "base/error.h"
#include "store/xlsx/workbook.h"
#include "store/xlsx/zip.h"

bool ho_zip_available(void)
{
    return false;
}

static ho_status absent(const char *name, ho_error *err)
{
    return ho_fail(err, HO_ERR_UNAVAILABLE,
                   "%s: this build has no minizip and expat, so it reads no archives and no workbooks", name);
}

ho_status ho_zip_open(const char *name, const char *bytes, size_t size, ho_zip **zip, ho_error *err)
{
    (void)bytes, (void)size, (void)zip;
    return absent(name, err);
}

void ho_zip_close(ho_zip **zip)
{
    *zip = NULL;
}

size_t ho_zip_count(const ho_zip *zip)
{
    (void)zip;
    return 0;
}

const char *ho_zip_member(const ho_zip *zip, size_t i)
{
    (void)zip, (void)i;
    return "";
}

size_t ho_zip_find(const ho_zip *zip, const char *member)
{
    (void)zip, (void)member;
    return 0;
}

ho_status ho_zip_read(ho_zip *zip, size_t i, char **bytes, size_t *size, ho_error *err)
{
    (void)zip, (void)i, (void)bytes, (void)size;
    return absent("an archive", err);
}

ho_status ho_workbook_open(const char *name, const char *bytes, size_t size, ho_workbook **book,
                           ho_error *err)
{
    (void)bytes, (void)size, (void)book;
    return absent(name, err);
}

void ho_workbook_close(ho_workbook **book)
{
    *book = NULL;
}

size_t ho_workbook_sheets(const ho_workbook *book)
{
    (void)book;
    return 0;
}

const char *ho_workbook_sheet(const ho_workbook *book, size_t i)
{
    (void)book, (void)i;
    return "";
}

size_t ho_workbook_find(const ho_workbook *book, const char *name)
{
    (void)book, (void)name;
    return 0;
}

ho_status ho_workbook_read(ho_workbook *book, size_t i, ho_cell_grid *grid, ho_error *err)
{
    (void)book, (void)i, (void)grid;
    return absent("a workbook", err);
}
