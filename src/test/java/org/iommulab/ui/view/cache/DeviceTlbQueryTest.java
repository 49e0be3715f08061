package org.iommulab.ui.view.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceTlbQueryTest {

  private final LabDouble lab = LabDouble.after(WorkedExample.setUp());

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void devicesThatNeverTranslatedAheadKeepNothing() {
    List<DeviceTlbLine> lines = lab.ask(DeviceTlbQuery::lines);
    assertThat(lines).isEmpty();
    CachesPicture picture = lab.ask(view -> CachesQuery.answer(view, CacheKind.DEVICE_TLB));
    assertThat(picture.rows().getLast().cache()).isEqualTo(CacheKind.DEVICE_TLB);
    assertThat(picture.chosen()).isEqualTo(CachePicture.NONE);
  }

  @Test
  void keyTellsDeviceTagAndAddress() {
    var line = new DeviceTlbLine(SourceId.of(0, 3, 0), "nic", 5, 0x1000, 4096, 0x2000, "RW", null);
    assertThat(line.key()).isEqualTo("00:03.0-5-1000");
    assertThat(new Texts(Locale.ENGLISH).get("view.caches.cache.DEVICE_TLB"))
        .isEqualTo("Device-TLBs");
  }
}
