/**
 * Devices that move data by themselves: small models with registers and rings in memory, programmed
 * as drivers program the real ones, and moved on step by step. Public are {@link
 * org.iommulab.bus.device.DeviceModels}, what it makes, and the {@link
 * org.iommulab.bus.device.DmaPort} they need. May import {@code bus}, {@code bus.ats}, {@code
 * memory} and {@code bits}.
 */
package org.iommulab.bus.device;
