package org.iommulab.bus.device;

import java.util.Optional;
import org.iommulab.bus.PciDevice;

/** Makes the model of a device. */
public final class DeviceModels {

  private DeviceModels() {}

  /** The model in its power-on state; empty for what is not on the bus. */
  public static Optional<DeviceModel> of(PciDevice device, DmaPort port) {
    return switch (device.kind()) {
      case DMA_ENGINE, USB_CONTROLLER -> Optional.of(new CopyEngine(port));
      case NETWORK_CARD -> Optional.of(new NetworkCard(port));
      case NVME -> Optional.of(new NvmeController(port));
      case GPU -> Optional.of(new GraphicsCard(port));
      case LEGACY_CARD -> Optional.of(new LegacyCard(port));
      case IOAT -> Optional.of(new IoatEngine(port));
      case IGB -> Optional.of(new IgbCard(port, device.abilities().hasPlug()));
      case ROGUE -> Optional.of(new RogueEngine(port));
      case IO_APIC, HPET -> Optional.empty();
    };
  }
}
