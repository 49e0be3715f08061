/**
 * The chain of the last operation as a tree: function, arguments, effects, and the errno at the
 * frame that raised it. May import {@code ui}, {@code ui.view.lookup}, {@code ui.view.part} and the
 * floors below.
 */
package org.iommulab.ui.view.calls;
