package org.iommulab.vtd.ats;

import java.util.ArrayList;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.ats.PageRange;
import org.iommulab.bus.ats.TranslationCompletion;
import org.iommulab.bus.ats.TranslationCompletion.Status;
import org.iommulab.bus.ats.TranslationEntry;
import org.iommulab.bus.ats.TranslationRequest;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.PathRecorder;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.translate.Requests;
import org.iommulab.vtd.translate.Translator;
import org.jspecify.annotations.Nullable;

/**
 * Answers translation requests. A missing right is no fault here but part of the answer, so the
 * tables are asked for less and less until they grant something. Source: vtd.md 4.7, 9.
 */
final class TranslationRequests {

  private static final long UNTRANSLATED_INTERRUPTS =
      TranslationEntry.W.mask() | TranslationEntry.U.mask();

  private final Translator translator;
  private final Requests requests;
  private final Counters counters;
  private final boolean noWriteHonoured;
  private final boolean snoopControl;

  TranslationRequests(
      UnitConfiguration configuration,
      Translator translator,
      Requests requests,
      Counters counters) {
    this.translator = translator;
    this.requests = requests;
    this.counters = counters;
    noWriteHonoured = configuration.capabilities().has(ExtendedCapabilityLayout.NWFS);
    snoopControl = configuration.capabilities().has(ExtendedCapabilityLayout.SC);
  }

  /** Translates as many of the pages asked for as one completion can hold. */
  TranslationCompletion complete(TranslationRequest asked, @Nullable PathRecorder recorder) {
    var entries = new ArrayList<TranslationEntry>();
    long address = asked.address();
    long left = asked.pages() * 4096L;
    int order = 0;
    while (left > 0) {
      Request request = requests.current();
      // A completion is about its first page; the others are looked up beside it.
      request.recorder = entries.isEmpty() ? recorder : null;
      request.quiet = !entries.isEmpty();
      TranslationEntry entry = translate(request, asked, address);
      if (entry == null && entries.isEmpty()) {
        counters.translationsRefused++;
        request.recorder = null;
        return refused(request.reason);
      }
      if (entry == null || (order != 0 && entry.input().order() != order)) {
        break;
      }
      order = entry.input().order();
      entries.add(entry);
      long next = entry.input().start() + entry.input().bytes();
      left -= next - address;
      address = next;
    }
    requests.current().recorder = null;
    return TranslationCompletion.of(entries);
  }

  private static TranslationCompletion refused(@Nullable FaultReason reason) {
    return TranslationCompletion.of(
        Requests.isConfiguration(reason) ? Status.UNSUPPORTED_REQUEST : Status.COMPLETER_ABORT,
        reason == null ? 0 : reason.code());
  }

  /** One translation; null if the request is refused. */
  private @Nullable TranslationEntry translate(
      Request request, TranslationRequest asked, long address) {
    PageRange page = PageRange.page(address);
    if (asked.pasid().isNone() && Requests.isInterruptAddress(address) && translator.isEnabled()) {
      return TranslationEntry.of(page, address, UNTRANSLATED_INTERRUPTS);
    }
    boolean writes = !(asked.noWrite() && noWriteHonoured);
    int execute = asked.execute() ? Rights.EXECUTE : 0;
    int all = Rights.READ | (writes ? Rights.WRITE : 0) | execute;
    boolean granted = attempt(request, asked, address, all);
    if (!granted && isDenied(request)) {
      granted = again(request, asked, address, Rights.READ);
      if (granted && writes && (request.rights & write(asked)) != 0) {
        granted = again(request, asked, address, Rights.READ | Rights.WRITE);
      }
    }
    if (!granted && isDenied(request) && writes) {
      granted = again(request, asked, address, Rights.WRITE);
    }
    if (!granted) {
      if (isDenied(request)) {
        return TranslationEntry.none(page);
      }
      requests.refuse();
      return null;
    }
    PageRange input = PageRange.around(address, 9 * request.level + 3);
    return TranslationEntry.of(input, request.output, flags(request, asked, writes));
  }

  private boolean again(Request request, TranslationRequest asked, long address, int need) {
    counters.requests--;
    if (request.recorder != null) {
      request.recorder.clear();
    }
    return attempt(request, asked, address, need);
  }

  private boolean attempt(Request request, TranslationRequest asked, long address, int need) {
    boolean quiet = request.quiet;
    PathRecorder recorder = request.recorder;
    request.start(asked.source().value(), address, need);
    request.quiet = quiet;
    request.recorder = recorder;
    request.pasid = asked.pasid().value();
    request.usedPasid = request.pasid;
    request.privileged = asked.privileged() && !asked.pasid().isNone();
    request.type = AddressType.TRANSLATION_REQUEST;
    return requests.attempt();
  }

  private static boolean isDenied(Request request) {
    FaultReason reason = request.reason;
    return reason != null && reason.isRecoverable();
  }

  private static int write(TranslationRequest asked) {
    return asked.privileged() ? Rights.PRIVILEGED_WRITE : Rights.WRITE;
  }

  private long flags(Request request, TranslationRequest asked, boolean writes) {
    int execute = asked.privileged() ? Rights.PRIVILEGED_EXECUTE : Rights.EXECUTE;
    int rights = request.rights;
    long flags = (rights & Rights.READ) != 0 ? TranslationEntry.R.mask() : 0;
    flags |= writes && (rights & write(asked)) != 0 ? TranslationEntry.W.mask() : 0;
    flags |= asked.execute() && (rights & execute) != 0 ? TranslationEntry.EXE.mask() : 0;
    flags |= request.privileged ? TranslationEntry.PRIV.mask() : 0;
    flags |= snoopControl && (rights & Rights.SNOOP) != 0 ? TranslationEntry.N.mask() : 0;
    return flags;
  }
}
