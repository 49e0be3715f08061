package org.iommulab.bus.device;

import java.util.List;

/**
 * What a device remembers.
 *
 * @param values registers and hidden counters, in an order only the model knows
 * @param blocks data inside the device, likewise; never changed once kept
 */
public record DeviceState(List<Long> values, List<byte[]> blocks) {

  public DeviceState {
    values = List.copyOf(values);
    blocks = List.copyOf(blocks);
  }
}
