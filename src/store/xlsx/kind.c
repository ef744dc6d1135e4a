/* What a file is by its first bytes: known in every build. */
#include "store/xlsx/workbook.h"
#include "store/xlsx/zip.h"

#include <string.h>

const char ho_sheets_old_advice[] =
    "an old binary workbook (.xls), or one locked by a password; open it in Excel or "
    "LibreOffice, choose Save As, type \"Excel Workbook (.xlsx)\", and no password";

bool ho_zip_knows(const char *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0;
}

ho_sheet_file ho_sheet_file_of(const char *bytes, size_t size)
{
    if (ho_zip_knows(bytes, size)) return HO_SHEETS_ZIP;
    return size >= 8 && memcmp(bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0 ? HO_SHEETS_OLD
                                                                                  : HO_SHEETS_NOT;
}
