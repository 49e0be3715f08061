package org.iommulab.linux.swiotlb;

import java.util.Optional;

/** Which way data flows in a streaming mapping: {@code enum dma_data_direction}. */
public enum DmaDirection {
  DMA_BIDIRECTIONAL,
  DMA_TO_DEVICE,
  DMA_FROM_DEVICE,
  DMA_NONE;

  /** The device may read the buffer. */
  public boolean toDevice() {
    return this == DMA_BIDIRECTIONAL || this == DMA_TO_DEVICE;
  }

  /** The device may write the buffer. */
  public boolean fromDevice() {
    return this == DMA_BIDIRECTIONAL || this == DMA_FROM_DEVICE;
  }

  /** The direction by its name, with or without {@code DMA_}, or by its number. */
  public static Optional<DmaDirection> of(String text) {
    for (DmaDirection direction : values()) {
      String name = direction.name();
      if (name.equals(text)
          || name.substring(4).equals(text)
          || Integer.toString(direction.ordinal()).equals(text)) {
        return Optional.of(direction);
      }
    }
    return Optional.empty();
  }
}
