/**
 * The chain of the last operation as a tree: function, arguments, effects, and the errno at the
 * frame that raised it. May import {@code trace}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.calls;
