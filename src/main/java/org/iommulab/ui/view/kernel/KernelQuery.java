package org.iommulab.ui.view.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.iommulab.lab.LabView;
import org.iommulab.linux.DomainView;
import org.iommulab.linux.KernelView;
import org.iommulab.linux.boot.choice.BootChoice;
import org.iommulab.linux.dma.DmaView;
import org.iommulab.linux.dma.FlushQueueView;
import org.iommulab.linux.iova.IovaView;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableStatistics;

/** Makes a picture of the kernel; runs on the laboratory's thread. */
final class KernelQuery {

  /** Most ranges listed; a list of more helps nobody. */
  static final int MOST_RANGES = 5_000;

  private final KernelView kernel;
  private final TableBrowser tables;
  private final DmaView dma;
  private final DomainNumbers names;

  private KernelQuery(KernelView kernel, LabView view) {
    this.kernel = kernel;
    this.tables = view.tables();
    this.dma = kernel.dmaView();
    this.names = DomainNumbers.of(kernel);
  }

  /**
   * A picture.
   *
   * @param chosen the part to show in full
   * @param domain the domain whose allocator is wanted, 0 for the first
   */
  static KernelPicture answer(LabView view, KernelPart chosen, int domain) {
    return view.kernel()
        .map(kernel -> new KernelQuery(kernel, view).picture(chosen, domain))
        .orElse(KernelPicture.NONE);
  }

  private KernelPicture picture(KernelPart chosen, int domain) {
    Detail.Flush flush = flush();
    Detail.Slots slots = SlotQuery.of(dma.swiotlb());
    Detail.Iova iova = iova(domain);
    var rows =
        List.of(
            new KernelPicture.Row(KernelPart.BOOT, boot(kernel.bootChoice())),
            new KernelPicture.Row(KernelPart.IOVA, ranges(iova)),
            new KernelPicture.Row(KernelPart.FLUSH, exposed(flush)),
            new KernelPicture.Row(KernelPart.SWIOTLB, used(slots)),
            new KernelPicture.Row(
                KernelPart.TABLES,
                Figure.of(Phrase.of("view.kernel.domains", kernel.domains().size()))),
            new KernelPicture.Row(
                KernelPart.DMA, Figure.of(Phrase.of("view.kernel.devices", dma.devices().size()))));
    return new KernelPicture(
        rows,
        switch (chosen) {
          case BOOT -> new Detail.Boot(kernel.bootChoice().reasons());
          case IOVA -> iova;
          case FLUSH -> flush;
          case SWIOTLB -> slots;
          case TABLES -> memory();
          case DMA -> new Detail.Dma(dma.devices(), dma.coherent(), names);
        });
  }

  private static Figure boot(BootChoice choice) {
    return choice.driver() == BootChoice.Driver.ON
        ? Figure.of(
            Phrase.join(
                List.of(
                    Phrase.of("view.kernel.domain." + choice.defaultDomain().name()),
                    Phrase.of("view.kernel.invalidation." + choice.invalidation().name())),
                " · "))
        : Figure.of(Phrase.of("view.kernel.driver." + choice.driver().name()));
  }

  private static Figure ranges(Detail.Iova iova) {
    return iova.domain() == 0
        ? Figure.muted(Phrase.of("view.kernel.none"))
        : Figure.of(Phrase.of("view.kernel.ranges", iova.ranges().size() + iova.more()));
  }

  private static Figure exposed(Detail.Flush flush) {
    long open = flush.waiting().stream().filter(range -> !range.flushed()).count();
    if (open > 0) {
      return Figure.tag(Mark.bad(Phrase.of("view.kernel.exposed", open)));
    }
    return Figure.muted(Phrase.of(flush.lazy() ? "view.kernel.closed" : "view.kernel.strict"));
  }

  private static Figure used(Detail.Slots slots) {
    return slots.total() == 0
        ? Figure.muted(Phrase.of("view.kernel.noPool"))
        : Figure.of(Phrase.of("view.kernel.slots", slots.used(), slots.total()));
  }

  private Detail.Iova iova(int wanted) {
    List<Integer> ids = dma.domains().stream().map(DmaView.Domain::id).toList();
    DmaView.Domain shown =
        dma.domains().stream()
            .filter(domain -> domain.id() == wanted)
            .findFirst()
            .orElse(dma.domains().isEmpty() ? null : dma.domains().getFirst());
    if (shown == null) {
      return new Detail.Iova(ids, names, 0, 0, List.of(), 0, List.of());
    }
    IovaView tree = shown.iova();
    int listed = Math.min(MOST_RANGES, tree.nodes().size());
    return new Detail.Iova(
        ids,
        names,
        shown.id(),
        tree.granule(),
        tree.nodes().subList(0, listed).stream().map(node -> range(node, tree.granule())).toList(),
        tree.nodes().size() - listed,
        magazines(tree));
  }

  private static Detail.Range range(IovaView.Node node, long granule) {
    return new Detail.Range(
        node.low() * granule,
        (node.high() + 1) * granule - 1,
        node.pages(),
        node.state().name(),
        node.red(),
        node.depth());
  }

  private static List<Detail.Magazines> magazines(IovaView tree) {
    var all = new ArrayList<Detail.Magazines>();
    for (IovaView.Cache cache : tree.caches()) {
      for (IovaView.CpuCache cpu : cache.cpus()) {
        boolean empty = cpu.loaded().isEmpty() && cpu.previous().isEmpty();
        if (!empty || !cache.depot().isEmpty()) {
          all.add(
              new Detail.Magazines(
                  cache.order(),
                  cpu.cpu(),
                  cpu.loaded().size(),
                  cpu.previous().size(),
                  cache.magazineSize(),
                  cache.depot().size()));
        }
      }
    }
    return all;
  }

  private Detail.Flush flush() {
    var waiting = new ArrayList<Detail.Waiting>();
    long deadline = -1;
    boolean lazy = false;
    for (DmaView.Domain domain : dma.domains()) {
      FlushQueueView queue = domain.queue();
      if (queue == null) {
        continue;
      }
      lazy = true;
      if (queue.deadlineNs() >= 0) {
        deadline = deadline < 0 ? queue.deadlineNs() : Math.min(deadline, queue.deadlineNs());
      }
      for (FlushQueueView.Ring ring : queue.rings()) {
        for (FlushQueueView.Entry entry : ring.entries()) {
          waiting.add(
              new Detail.Waiting(
                  names.of(domain.id()),
                  ring.cpu(),
                  entry.iova(),
                  entry.size(),
                  entry.sinceNs(),
                  entry.flushed(),
                  entry.tables()));
        }
      }
    }
    waiting.sort(Comparator.comparingLong(Detail.Waiting::sinceNs));
    return new Detail.Flush(dma.nowNs(), deadline, lazy, waiting);
  }

  private Detail.Tables memory() {
    var domains = new ArrayList<Detail.DomainTables>();
    for (DomainView domain : kernel.domains()) {
      if (domain.root() != 0) {
        domains.add(tables(domain));
      }
    }
    return new Detail.Tables(domains);
  }

  private Detail.DomainTables tables(DomainView domain) {
    TableKey.Stage stage = domain.firstStage() ? TableKey.Stage.FIRST : TableKey.Stage.SECOND;
    TableStatistics counts =
        tables.table(new TableKey(stage, domain.root(), domain.levels())).statistics();
    return new Detail.DomainTables(
        domain.id(),
        names.of(domain.id()),
        domain.type(),
        domain.owner(),
        counts.allTablePages() * PhysicalMemory.FRAME_BYTES,
        counts.mappedBytes(),
        List.of(counts.leaves()[1], counts.leaves()[2], counts.leaves()[3]));
  }
}
