/* A portfolio objective with a device: what it does the CPU would do with the same result. */
#ifndef HO_METRICS_OBJECTIVE_DEVICE_H
#define HO_METRICS_OBJECTIVE_DEVICE_H

#include "kernels/device/device.h"

#include <heavyopt/metrics.h>

/* Before the first walk is opened. The device, NULL for none, is borrowed for as long as the objective lives. Sieved scans
 * and sets in single precision go to it, where they are large enough; a device that cannot have the columns is left out,
 * and device->failed says why. */
void ho_portfolio_objective_use(ho_portfolio_objective *objective, ho_device *device);

#endif
