package org.iommulab.ui.view.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.iommulab.trace.CallFrame;
import org.iommulab.trace.CallTrace;
import org.iommulab.ui.view.part.OutlineRow.Branch;
import org.junit.jupiter.api.Test;

class CallOutlineTest {

  private static CallFrame frame(String function, CallFrame... children) {
    return new CallFrame(
        function, List.of(), List.of(), List.of(), "0", null, null, List.of(children));
  }

  private static CallFrame failed(String function, CallFrame... children) {
    return new CallFrame(
        function, List.of(), List.of(), List.of(), "-EEXIST", "EEXIST", "why", List.of(children));
  }

  private static List<String> names(List<CallRow> rows) {
    return rows.stream().map(row -> " ".repeat(row.depth()) + row.frame().function()).toList();
  }

  @Test
  void framesAreOpenUntilTheyAreToggled() {
    List<CallFrame> roots = List.of(frame("ioctl", frame("iommu_map", frame("map_pages"))));
    assertThat(names(CallOutline.rows(roots, Set.of())))
        .containsExactly("ioctl", " iommu_map", "  map_pages");
    assertThat(names(CallOutline.rows(roots, Set.of("0-0"))))
        .containsExactly("ioctl", " iommu_map");
  }

  @Test
  void equalNeighboursAreFoldedFromFourOn() {
    var three = frame("batch", frame("iommu_map"), frame("iommu_map"), frame("iommu_map"));
    assertThat(CallOutline.rows(List.of(three), Set.of())).hasSize(4);

    var many = new ArrayList<>(Collections.nCopies(512, frame("iommu_map")));
    var batch = frame("batch", many.toArray(CallFrame[]::new));
    List<CallRow> rows = CallOutline.rows(List.of(batch), Set.of());
    assertThat(rows).hasSize(2);
    assertThat(rows.getLast().times()).isEqualTo(512);
    assertThat(rows.getLast().branch()).isEqualTo(Branch.CLOSED);
    assertThat(CallOutline.rows(List.of(batch), Set.of("0-0f"))).hasSize(514);
  }

  @Test
  void neighboursOfAnotherShapeAreNotFolded() {
    var batch =
        frame(
            "batch",
            frame("iommu_map"),
            frame("iommu_map", frame("map_pages")),
            frame("iommu_map"),
            failed("iommu_map"));
    assertThat(CallOutline.rows(List.of(batch), Set.of())).hasSize(6);
  }

  @Test
  void errorBelongsToTheFrameThatRaisedIt() {
    List<CallFrame> roots = List.of(failed("ioctl", failed("iopt_map", frame("a"), failed("b"))));
    assertThat(CallOutline.rows(roots, Set.of()).stream().filter(CallRow::raised))
        .extracting(row -> row.frame().function())
        .containsExactly("b");
    assertThat(CallOutline.errors(roots)).isEqualTo(1);
  }

  @Test
  void newCallsReplaceTheOldOnes() {
    var model = new CallsModel();
    model.show(List.of(frame("ioctl")));
    assertThat(model.rows()).hasSize(1);
    model.show(List.of());
    assertThat(model.rows()).isEmpty();
  }

  @Test
  void lineNamesKeyArgumentsResultAndWrites() {
    var trace = new CallTrace();
    trace.setOn(true);
    trace.enter("__domain_mapping").hex("iov_pfn", 0x100400).number("nr_pages", 512);
    trace.wrote("PD[2]", 0x10A002010L, 0, 0x180000883L);
    trace.leave(0);
    CallFrame frame = trace.take().getFirst();
    assertThat(CallText.arguments(frame)).isEqualTo("iov_pfn 10_0400 nr_pages 512");
    assertThat(CallText.result(frame)).isEqualTo("= 0");
    assertThat(CallText.written(frame)).isEqualTo("PD[2]");
    trace.enter("__domain_mapping");
    trace.wrote("PT[511]", 0x10A003FF8L, 0, 0x17FFFF803L);
    trace.leave(0);
    assertThat(CallText.written(trace.take().getFirst())).isEqualTo("PT[1FF]");
    assertThat(WrittenEntry.of(frame)).isPresent();
  }
}
