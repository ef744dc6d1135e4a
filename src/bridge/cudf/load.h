/* The plug-in for NVIDIA devices: found, loaded, asked whether it fits. The program works without it. */
#ifndef HO_BRIDGE_CUDF_LOAD_H
#define HO_BRIDGE_CUDF_LOAD_H

#include "kernels/device/device.h"

#include <heavyopt/status.h>
#include <stdbool.h>

/* Where the plug-in is: the file that HEAVYOPT_CUDF names, or heavyopt_cudf/libheavyopt_cudf.so beside this library; NULL:
 * it is not there. Valid until the thread's next call. */
const char *ho_device_plugin_path(void);

/* Opens a device. HO_ERR_UNAVAILABLE: no plug-in, one of another version, one whose libraries are missing, no driver, no
 * such device; HO_ERR_MEMORY; HO_ERR_INTERNAL. */
HO_MUST_USE ho_status ho_device_open(const ho_device_wish *wish, bool spill, ho_device **device,
                                     ho_error *err);
void ho_device_close(ho_device **device); /* accepts NULL and nulls */

#endif
