package org.iommulab.ui.view.kernel;

import javafx.scene.Parent;
import org.iommulab.linux.dma.DmaView;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;

/** How each device's DMA goes, beside the buffers that live as long as a driver. */
final class DmaPart implements DetailView {

  private final RowTable<DmaView.Device> devices;
  private final RowTable<DmaView.Coherent> coherent;
  private final Beside both;
  private DomainNumbers names = DomainNumbers.NONE;

  DmaPart(Texts texts) {
    devices =
        new RowTable<DmaView.Device>("kernel-devices", texts)
            .column("device", 90, device -> Figure.of(device.sid().toString()))
            .column("name", 100, device -> Figure.of(device.name()))
            .column("way", 130, device -> Figure.of(Phrase.of("view.kernel.way." + device.way())))
            .column("domain", 70, this::domain)
            .column("mask", 170, device -> Figure.of(Hex.group(device.mask())))
            .rowIds(device -> device.sid().toString());
    coherent =
        new RowTable<DmaView.Coherent>("kernel-coherent", texts)
            .column("device", 90, buffer -> Figure.of(buffer.device().toString()))
            .column("handle", 130, buffer -> Figure.of(Hex.group(buffer.handle())))
            .column("size", 80, buffer -> Figure.of(Hex.size(buffer.size())))
            .column("cpu", 190, buffer -> Figure.of(Hex.group(buffer.cpuAddress())))
            .rowIds(buffer -> Long.toHexString(buffer.cpuAddress()))
            .emptyText("view.kernel.coherent.empty");
    both = new Beside(devices, coherent, 0.45);
  }

  private Figure domain(DmaView.Device device) {
    return device.domain() == 0 ? Figure.NONE : Figure.of(names.of(device.domain()));
  }

  @Override
  public Parent node() {
    return both;
  }

  @Override
  public void show(Detail detail) {
    if (detail instanceof Detail.Dma dma) {
      names = dma.names();
      devices.getItems().setAll(dma.devices());
      coherent.getItems().setAll(dma.coherent());
    }
  }

  @Override
  public TextTable text() {
    return devices.text();
  }
}
